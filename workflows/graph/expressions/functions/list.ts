import { limits } from '../../../limits'
import { toNumber, toText } from '../conversions'
import { isSame, orderOf } from '../operators'
import { kindOf, type Value } from '../values'
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
    'findLastIndex(function)',
    'Where the last such item is, or -1.',
    '[1, 2, 3].findLastIndex(n => n > 1)',
    2,
    (call, list) => {
      const wanted = call.callback(0)
      return list.findLastIndex((item, index) => wanted(item, index, list))
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
    'reduceRight(function, start?)',
    'The same from the end.',
    "['a', 'b'].reduceRight((all, t) => all + t, '')",
    'ba',
    (call, list) => {
      const combine = call.callback(0)
      if (call.args.length > 1) return list.reduceRight<Value>((sum, item, index) => combine(sum, item, index, list), call.value(1))
      if (list.length === 0)
        call.fail('empty_list', 'The list is empty, so `reduceRight` needs a start value.', 'Write `reduceRight((sum, item) => …, 0)`.')
      return list.reduceRight((sum, item, index) => combine(sum, item, index, list))
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
  method('toSorted(function?)', 'The same as sort.', "['b', 'a'].toSorted()", ['a', 'b'], sort, first),
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
    let size = 0
    call.meter.spend(list.length)
    for (const item of list) {
      const text = item === null || item === undefined ? '' : toText(item, call.meter)
      size += text.length + separator.length
      call.meter.text(size - separator.length, call.place)
      call.meter.spend(text.length + separator.length)
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
  method('toReversed()', 'The same as reverse.', '[1, 2].toReversed()', [2, 1], (call, list) => {
    call.makeList(list.length)
    return list.toReversed()
  }),
  method('at(place)', 'The item at a place; -1 is the last.', '[1, 2, 3].at(-1)', 3, (call, list) => list.at(call.number(0))),
  method('first()', 'The first item.', '[1, 2, 3].first()', 1, (_, list) => list[0]),
  method('last()', 'The last item.', '[1, 2, 3].last()', 3, (_, list) => list.at(-1)),
]

function sort(call: Call, list: Value[]): Value[] {
  call.makeList(list.length)
  const order = call.optionalCallback(0)
  if (order) {
    return list.toSorted((a, b) => {
      const value = order(a, b)
      return (typeof value === 'number' ? value : toNumber(value, call.meter)) || 0
    })
  }
  return list.toSorted((a, b) => naturalOrder(call, a, b))
}

function sortBy(call: Call, list: Value[]): Value[] {
  call.makeList(list.length)
  const read = call.callback(0)
  const direction = call.text(1, 'asc')
  if (direction !== 'asc' && direction !== 'desc') call.fail('type', "The direction is 'asc' or 'desc'.")
  const sign = direction === 'desc' ? -1 : 1
  const marked = list.map((item, index) => ({ item, mark: read(item, index, list) }))
  return marked.sort((a, b) => sign * naturalOrder(call, a.mark, b.mark)).map(({ item }) => item)
}

/** Numbers and dates by size; what has no common order by its text; missing and null at the end. */
function naturalOrder(call: Call, a: Value, b: Value): number {
  call.meter.spend(1)
  if (typeof a === 'number' && typeof b === 'number') return orderOf(a, b, call.meter) ?? 0
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
