import { type Callback, isFields, kindOf, type Value } from '../values'
import { type Call, methodsOf } from './define'

const method = methodsOf<Value[]>('list')
const first = { callbacks: [0] }

export const listNumbers = [
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
    'median(function?)',
    'The number in the middle; null for an empty list.',
    '[9, 1, 3, 4].median()',
    3.5,
    (call, list) => {
      if (list.length === 0) return null
      const sorted = numbers(call, list).sort((a, b) => a - b)
      call.meter.spend(Math.ceil(list.length * Math.log2(list.length + 1)))
      const middle = Math.floor(sorted.length / 2)
      const upper = sorted[middle] ?? 0
      return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
    },
    first,
  ),
  method(
    'minBy(function)',
    'The first item with the smallest number; null for an empty list.',
    '[{ n: 2 }, { n: 1 }].minBy(x => x.n)',
    { n: 1 },
    (call, list) => extremeBy(call, list, (number, best) => number < best),
    first,
  ),
  method(
    'maxBy(function)',
    'The first item with the largest number; null for an empty list.',
    '[{ n: 2 }, { n: 1 }].maxBy(x => x.n)',
    { n: 2 },
    (call, list) => extremeBy(call, list, (number, best) => number > best),
    first,
  ),
]

function extremeBy(call: Call, list: Value[], isBetter: (number: number, best: number) => boolean): Value {
  call.callback(0)
  const all = numbers(call, list)
  let best = 0
  for (const [index, number] of all.entries()) if (isBetter(number, all[best] ?? 0)) best = index
  return list.length === 0 ? null : list[best]
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
