import type { Json } from '../graph/schema'
import type { PureCall } from './define'
import { NodeError } from './errors'
import { listOf } from './list-of'

/** Two lists that parameters name; one that is not named is what came over the next way in. */
export function twoLists(
  { inputs }: Pick<PureCall<unknown>, 'inputs'>,
  left: { param: string; value: Json | undefined },
  right: { param: string; value: Json | undefined },
): { left: Json[]; right: Json[] } {
  const ways = inputs.map((one) => one.value)
  const [first, second] = [left, right].map(({ param, value }) => {
    const pointer = `/params/${param}`
    if (value !== undefined) return listOf(value, null, pointer)
    if (ways.length === 0) throw missing(pointer)
    return listOf(undefined, ways.shift() ?? null, pointer)
  })
  return { left: first ?? [], right: second ?? [] }
}

function missing(pointer: string): NodeError {
  return new NodeError({
    class: 'bad_data',
    code: 'list.second_missing',
    message: 'Two lists are needed, and only one came in.',
    hint: 'Connect a second step, or name both lists, for example {{ steps.orders }} and {{ steps.customers }}.',
    pointer,
  })
}
