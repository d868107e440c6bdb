import type { Json } from '../../graph/schema'
import { limits } from '../../limits'
import { NodeError } from '../../nodes/errors'
import { kindOf } from '../../nodes/list-of'
import { evaluateSome, itemsOfEach } from '../evaluate-params'
import type { OnItemError, PlanNode, PlanSection } from '../types'
import type { Container } from './container'

export interface Loop {
  section: PlanSection
  items: Json[]
  concurrency: number
  onItemError: OnItemError
  attempts: number
  retryDelayMs: number
  keyOf(item: Json, index: number): string
}

/** What a loop goes through, and how; `keys` counts the names of its items. */
export function loopOf(container: Container, keys: Map<string, number>): Loop {
  const { planned } = container
  const vars = variablesOf(container)
  const scope = { ...container.scope(), ...(vars ? { vars } : {}) }
  const kept = vars && JSON.stringify(vars).length <= mostKept ? { variables: vars } : {}
  if (planned.each) {
    const { body, concurrency, onItemError } = planned.each
    const items = listOf(itemsOfEach(planned, scope), '/settings/each/items')
    container.started({ items: items.length, concurrency, ...kept })
    return { section: body, items, concurrency, onItemError, attempts: 1, retryDelayMs: 0, keyOf: (_, index) => String(index) }
  }
  const names = ['items', 'batchSize', 'concurrency', 'onItemError', 'attempts', 'retryDelayMs']
  const params = evaluateSome(planned, scope, names) as {
    items?: Json
    batchSize: number
    concurrency: number
    onItemError: OnItemError
    attempts: number
    retryDelayMs: number
  }
  const list = listOf(namesList(planned) ? (params.items ?? null) : container.input, '/params/items')
  const items = params.batchSize > 1 ? inBatches(list, params.batchSize) : list
  container.started({ ...params, items: list.length, ...kept })
  const named = planned.node.params.itemKey
  const keyed =
    typeof named === 'string' && named.trim() !== '' ? planned.params.evaluate(scope, Object.keys(planned.node.params)).itemKey : null
  return {
    section: planned.sections[0] as PlanSection,
    items,
    concurrency: params.concurrency,
    onItemError: params.onItemError,
    attempts: planned.sections.some(sendsOnce) ? 1 : params.attempts,
    retryDelayMs: params.retryDelayMs,
    keyOf: keyed
      ? (item, index) => uniqueKey(keyed as (item: Json, index: number) => Json, item, index, keys)
      : (_, index) => String(index),
  }
}

/** Characters of variables that stand with the loop's start. */
const mostKept = 20_000

/**
 * The variables that it reads, as they were when it began: whoever changes one while it waits would put other items in the place of those
 * that are half done. Null where it reads none.
 */
function variablesOf({ planned, execution, known }: Container): Record<string, Json> | null {
  const names = planned.params.vars
  if (names.length === 0) return null
  const recorded = known?.input
  if (isObject(recorded) && isObject(recorded.variables)) return recorded.variables
  const { variables } = execution.facts
  return Object.fromEntries(names.flatMap((name) => (Object.hasOwn(variables, name) ? [[name, variables[name] as Json]] : [])))
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether something inside may be done once only for an item, so that the item cannot be done again as a whole. */
function sendsOnce({ nodes, order }: PlanSection): boolean {
  return order.some((id) => {
    const { settings, sections, tools } = nodes.get(id) as PlanNode
    if (settings.disabled) return false
    return settings.atMostOnce || sections.some(sendsOnce) || tools.some((tool) => nodes.get(tool)?.settings.atMostOnce)
  })
}

/** What an item is called in idempotency keys; the second of the same name gets a number, so that no effect is taken for another. */
function uniqueKey(keyed: (item: Json, index: number) => Json, item: Json, index: number, keys: Map<string, number>): string {
  let value: Json = null
  try {
    value = keyed(item, index)
  } catch {
    // An item without its key is told apart by its place.
  }
  const name =
    value === null || value === ''
      ? `#${index}`
      : encodeURIComponent(
          String(typeof value === 'object' ? JSON.stringify(value) : value)
            .toWellFormed()
            .slice(0, 200),
        )
  const count = (keys.get(name) ?? 0) + 1
  keys.set(name, count)
  return count === 1 ? name : `${name}~${count}`
}

function listOf(value: Json, pointer: string): Json[] {
  if (value === null) return []
  if (!Array.isArray(value)) {
    throw new NodeError({
      class: 'bad_data',
      code: 'loop.not_a_list',
      message: `There is no list to go through, but ${kindOf(value)}.`,
      hint: 'Point the list at one, for example {{ input.orders }}.',
      pointer,
    })
  }
  if (value.length > limits.listItems) {
    throw new NodeError({
      class: 'bad_data',
      code: 'loop.too_many',
      message: `The list has ${value.length} items; ${limits.listItems} is the most that one loop goes through.`,
      hint: 'Split the list, or start a run for each part of it.',
      pointer,
    })
  }
  return value
}

/** Left empty, the input itself is the list. */
export function namesList({ node }: PlanNode): boolean {
  return node.params.items !== undefined && node.params.items !== null && node.params.items !== ''
}

export function inBatches(list: readonly Json[], size: number): Json[] {
  const batches: Json[] = []
  for (let at = 0; at < list.length; at += size) batches.push(list.slice(at, at + size))
  return batches
}
