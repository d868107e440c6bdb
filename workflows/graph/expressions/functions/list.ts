import { limits } from '../../../limits'
import { setField, toKey, toText } from '../conversions'
import { isSame, orderOf } from '../operators'
import { type Callback, type Fields, isFields, kindOf, type Value } from '../values'
import { type Call, methodsOf } from './define'

const method = methodsOf<Value[]>('list')
const first = { callbacks: [0] }

export const listFunctions = [
  method('length', 'How many items the list has.', '[1, 2].length', 2, (_, list) => list.length),
  method(
    'map(function)',
    'A list of what the function makes of each item.',
    '[1, 2].map(n => n * 10)',
    [10, 20],
    (call, list) => {
      call.makeList(list.length)
      const change = call.callback(0)
      return list.map((item, index) => change(item, index, list))
    },
    first,
  ),
  method(
    'filter(function)',
    'The items for which the function is true.',
    '[1, 2, 3].filter(n => n > 1)',
    [2, 3],
    (call, list) => {
      call.makeList(list.length)
      const keep = call.callback(0)
      return list.filter((item, index) => keep(item, index, list))
    },
    first,
  ),
  method(
    'find(function)',
    'The first item for which the function is true.',
    '[1, 2, 3].find(n => n > 1)',
    2,
    (call, list) => {
      const wanted = call.callback(0)
      return list.find((item, index) => wanted(item, index, list))
    },
    first,
  ),
  method(
    'findIndex(function)',
    'Where the first such item is, or -1.',
    '[1, 2, 3].findIndex(n => n > 1)',
    1,
    (call, list) => {
      const wanted = call.callback(0)
      return list.findIndex((item, index) => wanted(item, index, list))
    },
    first,
  ),
  method(
    'findLast(function)',
    'The last item for which the function is true.',
    '[1, 2, 3].findLast(n => n > 1)',
    3,
    (call, list) => {
      const wanted = call.callback(0)
      return list.findLast((item, index) => wanted(item, index, list))
    },
    first,
  ),
  method(
    'some(function)',
    'Whether the function is true for any item.',
    '[1, 2].some(n => n > 1)',
    true,
    (call, list) => {
      const holds = call.callback(0)
      return list.some((item, index) => holds(item, index, list))
    },
    first,
  ),
  method(
    'every(function)',
    'Whether the function is true for all items.',
    '[1, 2].every(n => n > 1)',
    false,
    (call, list) => {
      const holds = call.callback(0)
      return list.every((item, index) => holds(item, index, list))
    },
    first,
  ),
  method(
    'reduce(function, start?)',
    'One value made from all items.',
    '[1, 2, 3].reduce((sum, n) => sum + n, 0)',
    6,
    (call, list) => {
      const combine = call.callback(0)
      if (call.args.length > 1) return list.reduce<Value>((sum, item, index) => combine(sum, item, index, list), call.value(1))
      if (list.length === 0)
        call.fail('empty_list', 'The list is empty, so `reduce` needs a start value.', 'Write `reduce((sum, item) => …, 0)`.')
      return list.reduce((sum, item, index) => combine(sum, item, index, list))
    },
    first,
  ),
  method(
    'sort(function?)',
    'In order: numbers by size, texts by letters; or as the function says.',
    '[10, 9, 1].sort()',
    [1, 9, 10],
    sort,
    first,
  ),
  method(
    'sortBy(function, direction?)',
    "In the order of what the function makes of each item; 'desc' turns it round.",
    '[{ n: 2 }, { n: 1 }].sortBy(x => x.n)',
    [{ n: 1 }, { n: 2 }],
    sortBy,
    first,
  ),
  method('flat(depth?)', 'Lists inside the list taken out of their lists.', '[[1, 2], [3]].flat()', [1, 2, 3], (call, list) =>
    flatten(call, list, call.number(0, 1)),
  ),
  method(
    'flatMap(function)',
    'Like map, then flat.',
    "['a b', 'c'].flatMap(t => t.split(' '))",
    ['a', 'b', 'c'],
    (call, list) => {
      const change = call.callback(0)
      call.makeList(list.length)
      return flatten(
        call,
        list.map((item, index) => change(item, index, list)),
        1,
      )
    },
    first,
  ),
  method('join(separator?)', 'All items as one text.', "['a', 'b'].join(', ')", 'a, b', (call, list) => {
    const separator = call.text(0, ',')
    const texts: string[] = []
    call.meter.spend(list.length)
    for (const item of list) {
      const text = item === null || item === undefined ? '' : toText(item, call.meter)
      call.makeText(text.length + separator.length)
      texts.push(text)
    }
    return texts.join(separator)
  }),
  method(
    'slice(from?, to?)',
    'The items between two places; negative places count from the end.',
    '[1, 2, 3].slice(-2)',
    [2, 3],
    (call, list) => {
      call.makeList(list.length)
      return list.slice(call.number(0, 0), call.number(1, list.length))
    },
  ),
  method('concat(…lists)', 'The lists one after the other.', '[1].concat([2, 3], 4)', [1, 2, 3, 4], (call, list) => {
    const parts = call.args.map((_, index) => call.value(index))
    call.makeList(parts.reduce<number>((sum, part) => sum + (Array.isArray(part) ? part.length : 1), list.length))
    return list.concat(...parts.map((part) => (Array.isArray(part) ? part : [part])))
  }),
  method('includes(value)', 'Whether the list holds a value.', "['a', 'b'].includes('b')", true, (call, list) => {
    call.meter.spend(list.length)
    const wanted = call.value(0)
    return list.some((item) => isSame(item, wanted, call.meter) || (Number.isNaN(item) && Number.isNaN(wanted)))
  }),
  method('indexOf(value)', 'Where a value is first, or -1.', "['a', 'b'].indexOf('b')", 1, (call, list) => {
    call.meter.spend(list.length)
    return list.findIndex((item) => isSame(item, call.value(0), call.meter))
  }),
  method('lastIndexOf(value)', 'Where a value is last, or -1.', '[1, 2, 1].lastIndexOf(1)', 2, (call, list) => {
    call.meter.spend(list.length)
    return list.findLastIndex((item) => isSame(item, call.value(0), call.meter))
  }),
  method('reverse()', 'The other way round.', '[1, 2, 3].reverse()', [3, 2, 1], (call, list) => {
    call.makeList(list.length)
    return list.toReversed()
  }),
  method('at(place)', 'The item at a place; -1 is the last.', '[1, 2, 3].at(-1)', 3, (call, list) => list.at(call.number(0))),
  method('first()', 'The first item.', '[1, 2, 3].first()', 1, (_, list) => list[0]),
  method('last()', 'The last item.', '[1, 2, 3].last()', 3, (_, list) => list.at(-1)),
  method(
    'sum(function?)',
    'All numbers added.',
    '[{ price: 2 }, { price: 3 }].sum(x => x.price)',
    5,
    (call, list) => numbers(call, list).reduce((sum, number) => sum + number, 0),
    first,
  ),
  method(
    'average(function?)',
    'The sum divided by how many there are; null for an empty list.',
    '[1, 2, 6].average()',
    3,
    (call, list) => (list.length === 0 ? null : numbers(call, list).reduce((sum, number) => sum + number, 0) / list.length),
    first,
  ),
  method(
    'min(function?)',
    'The smallest number; null for an empty list.',
    '[4, 2].min()',
    2,
    (call, list) => (list.length === 0 ? null : numbers(call, list).reduce((best, number) => Math.min(best, number))),
    first,
  ),
  method(
    'max(function?)',
    'The largest number; null for an empty list.',
    '[4, 2].max()',
    4,
    (call, list) => (list.length === 0 ? null : numbers(call, list).reduce((best, number) => Math.max(best, number))),
    first,
  ),
  method(
    'unique(function?)',
    'Each value once; the first stays.',
    '[1, 2, 1].unique()',
    [1, 2],
    (call, list) => {
      call.makeList(list.length)
      const key = call.optionalCallback(0)
      const seen = new Set<Value>()
      const seenObjects = new Set<Value>()
      return list.filter((item, index) => {
        const value = key ? key(item, index, list) : item
        const isObject = typeof value === 'object' && value !== null
        const mark = isObject ? toText(value, call.meter) : value
        if (typeof mark === 'string') call.meter.spend(mark.length)
        const earlier: Set<Value> = isObject ? seenObjects : seen
        if (earlier.has(mark)) return false
        earlier.add(mark)
        return true
      })
    },
    first,
  ),
  method(
    'groupBy(function)',
    'An object with one list for each value of the function.',
    "['ab', 'c', 'de'].groupBy(t => t.length)",
    { 1: ['c'], 2: ['ab', 'de'] },
    (call, list) => {
      call.makeList(list.length)
      const key = call.callback(0)
      const groups: Fields = {}
      for (const [index, item] of list.entries()) {
        const value = key(item, index, list)
        const name = value === null || value === undefined ? '' : toKey(value, call.meter, call.place)
        const group = Object.hasOwn(groups, name) ? groups[name] : undefined
        if (Array.isArray(group)) group.push(item)
        else setField(groups, name, [item], call.place)
      }
      return groups
    },
    first,
  ),
  method('chunk(size)', 'Lists of at most that many items.', '[1, 2, 3].chunk(2)', [[1, 2], [3]], (call, list) => {
    const size = call.number(0)
    if (!Number.isInteger(size) || size < 1) call.wrong(0, 'whole number')
    call.makeList(list.length)
    const chunks: Value[] = []
    for (let from = 0; from < list.length; from += size) chunks.push(list.slice(from, from + size))
    return chunks
  }),
]

function sort(call: Call, list: Value[]): Value[] {
  call.makeList(list.length)
  call.meter.spend(Math.ceil(list.length * Math.log2(list.length + 1)))
  const order = call.optionalCallback(0)
  if (order) {
    return list.toSorted((a, b) => {
      const value = order(a, b)
      return typeof value === 'number' ? value : value === true ? 1 : 0
    })
  }
  return list.toSorted((a, b) => naturalOrder(call, a, b))
}

function sortBy(call: Call, list: Value[]): Value[] {
  call.makeList(list.length)
  call.meter.spend(Math.ceil(list.length * Math.log2(list.length + 1)))
  const read = call.callback(0)
  const direction = call.text(1, 'asc')
  if (direction !== 'asc' && direction !== 'desc') call.fail('type', "The direction is 'asc' or 'desc'.")
  const sign = direction === 'desc' ? -1 : 1
  const marked = list.map((item, index) => ({ item, mark: read(item, index, list) }))
  return marked.sort((a, b) => sign * naturalOrder(call, a.mark, b.mark)).map(({ item }) => item)
}

/** Numbers and dates by size; what has no common order by its text; missing and null at the end. */
function naturalOrder(call: Call, a: Value, b: Value): number {
  const missing = (value: Value) => (value === undefined ? 2 : value === null ? 1 : 0)
  if (missing(a) + missing(b) > 0) return missing(a) - missing(b)
  const alike = kindOf(a) === kindOf(b) && typeof a !== 'boolean'
  const order = alike ? orderOf(a, b, call.meter) : undefined
  return order ?? orderOf(toText(a, call.meter), toText(b, call.meter), call.meter) ?? 0
}

function flatten(call: Call, list: Value[], depth: number): Value[] {
  const flat: Value[] = []
  const walk = (part: Value[], left: number) => {
    call.meter.spend(part.length + 1)
    for (const item of part) {
      if (Array.isArray(item) && left >= 1) {
        walk(item, left - 1)
        continue
      }
      if (flat.length >= limits.listItems) call.makeList(flat.length + 1)
      flat.push(item)
    }
  }
  walk(list, Math.min(depth, limits.jsonDepth + 1))
  return flat
}

function numbers(call: Call, list: Value[]): number[] {
  call.makeList(list.length)
  const read: Callback | undefined = call.optionalCallback(0)
  return list.map((item, index) => {
    const value = read ? read(item, index, list) : item
    if (typeof value === 'number') return value
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
    if (Number.isNaN(number)) {
      const hint = !read && isFields(item) ? ` Say which field: \`${call.name}(x => x.amount)\`.` : ''
      call.fail(
        'type',
        `Item ${index} of \`${call.selfPlace.source}\` is ${value === null ? 'null' : typeof value === 'string' ? 'a text that is no number' : kindOf(value) === 'object' ? 'an object' : kindOf(value)}, not a number.${hint}`,
      )
    }
    return number
  })
}
