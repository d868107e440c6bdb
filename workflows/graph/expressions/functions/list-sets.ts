import { setField, toKey } from '../conversions'
import { type Fields, isFields, isForbidden, type Value } from '../values'
import { type Call, methodsOf } from './define'
import { ValueSet } from './value-set'

const method = methodsOf<Value[]>('list')
const first = { callbacks: [0] }

/** Lists as sets, groups and tables. */
export const listSets = [
  method(
    'unique(function?)',
    'Each value once; the first stays.',
    '[1, 2, 1].unique()',
    [1, 2],
    (call, list) => {
      call.makeList(list.length)
      const key = call.optionalCallback(0)
      const seen = new ValueSet(call.meter)
      return list.filter((item, index) => seen.add(key ? key(item, index, list) : item))
    },
    first,
  ),
  method(
    'groupBy(function)',
    'An object with one list for each value of the function.',
    "['ab', 'c', 'de'].groupBy(t => t.length)",
    { 1: ['c'], 2: ['ab', 'de'] },
    (call, list) => {
      const groups: Fields = {}
      for (const { name, item } of named(call, list)) {
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
  method('union(list)', 'What is in one of the lists, each value once.', '[1, 2].union([2, 3])', [1, 2, 3], (call, list) => {
    const other = call.list(0)
    call.meter.spend(list.length + other.length)
    const seen = new ValueSet(call.meter)
    const made = [...list, ...other].filter((item) => seen.add(item))
    call.makeList(made.length)
    return made
  }),
  method('intersection(list)', 'What is in both lists, each value once.', '[1, 2, 3].intersection([3, 2])', [2, 3], (call, list) => {
    call.meter.spend(list.length + call.list(0).length)
    const other = new ValueSet(call.meter, call.list(0))
    const seen = new ValueSet(call.meter)
    return list.filter((item) => other.has(item) && seen.add(item))
  }),
  method('difference(list)', 'What is in this list and not in the other.', '[1, 2, 3].difference([2])', [1, 3], (call, list) => {
    call.meter.spend(list.length + call.list(0).length)
    const other = new ValueSet(call.meter, call.list(0))
    return list.filter((item) => !other.has(item))
  }),
  method('compact()', 'Without what is missing, null or an empty text.', "[1, null, '', 0].compact()", [1, 0], (call, list) => {
    call.makeList(list.length)
    return list.filter((item) => item !== null && item !== undefined && item !== '')
  }),
  method('pluck(field)', 'One field of each item.', "[{ id: 1 }, { id: 2 }].pluck('id')", [1, 2], (call, list) => {
    call.makeList(list.length)
    const key = toKey(call.value(0), call.meter, call.place)
    return list.map((item) => (isFields(item) && !isForbidden(key) && Object.hasOwn(item, key) ? item[key] : undefined))
  }),
  method(
    'keyBy(function)',
    'An object with the last item for each value of the function.',
    "[{ id: 'a', n: 1 }].keyBy(x => x.id)",
    { a: { id: 'a', n: 1 } },
    (call, list) => {
      const made: Fields = {}
      for (const { name, item } of named(call, list)) setField(made, name, item, call.place)
      return made
    },
    first,
  ),
  method(
    'countBy(function)',
    'An object with how many items there are for each value of the function.',
    "['a', 'bb', 'cc'].countBy(t => t.length)",
    { 1: 1, 2: 2 },
    (call, list) => {
      const made: Fields = {}
      for (const { name } of named(call, list)) {
        const before = Object.hasOwn(made, name) ? made[name] : 0
        setField(made, name, typeof before === 'number' ? before + 1 : 1, call.place)
      }
      return made
    },
    first,
  ),
  method(
    'partition(function)',
    'Two lists: the items for which it is true, and the others.',
    '[1, 2, 3].partition(n => n > 1)',
    [[2, 3], [1]],
    (call, list) => {
      call.makeList(list.length)
      const holds = call.callback(0)
      const yes: Value[] = []
      const no: Value[] = []
      for (const [index, item] of list.entries()) (holds(item, index, list) ? yes : no).push(item)
      return [yes, no]
    },
    first,
  ),
  method(
    'zip(list)',
    'Pairs of the items at the same place.',
    "['a', 'b'].zip([1, 2])",
    [
      ['a', 1],
      ['b', 2],
    ],
    (call, list) => {
      const other = call.list(0)
      call.makeList(list.length)
      call.meter.spend(list.length * 2)
      return list.map((item, index) => [item, other[index]])
    },
  ),
  method('with(place, value)', 'The list with another item at a place.', '[1, 2, 3].with(1, 9)', [1, 9, 3], (call, list) => {
    call.makeList(list.length)
    const place = call.number(0) < 0 ? list.length + call.number(0) : call.number(0)
    if (!Number.isInteger(place) || place < 0 || place >= list.length) call.fail('type', `The list has no item ${call.number(0)}.`)
    return list.with(place, call.value(1))
  }),
  method(
    'toSpliced(from, count?, …items)',
    'The list without some items, and others in their place.',
    '[1, 2, 3].toSpliced(1, 1, 8, 9)',
    [1, 8, 9, 3],
    (call, list) => {
      const items = call.args.slice(2).map((_, index) => call.value(index + 2))
      call.makeList(list.length + items.length)
      return list.toSpliced(call.number(0), call.number(1, list.length), ...items)
    },
  ),
  method('entries()', 'Pairs of place and item.', "['a'].entries()", [[0, 'a']], (call, list) => {
    call.makeList(list.length)
    call.meter.spend(list.length * 2)
    return list.map((item, index) => [index, item])
  }),
  method('keys()', 'The places of the items.', "['a', 'b'].keys()", [0, 1], (call, list) => {
    call.makeList(list.length)
    return list.map((_, index) => index)
  }),
  method('isEmpty()', 'Whether there is no item.', '[].isEmpty()', true, (_, list) => list.length === 0),
  method('isNotEmpty()', 'Whether there is an item.', '[1].isNotEmpty()', true, (_, list) => list.length > 0),
]

/** Each item with what the function says of it, as a field's name. */
function named(call: Call, list: Value[]): { name: string; item: Value }[] {
  call.makeList(list.length)
  const key = call.callback(0)
  return list.map((item, index) => {
    const value = key(item, index, list)
    return { name: value === null || value === undefined ? '' : toKey(value, call.meter, call.place), item }
  })
}
