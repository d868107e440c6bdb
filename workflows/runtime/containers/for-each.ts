import type { Json } from '../../graph/schema'
import { limits } from '../../limits'
import { NodeError, type StepError } from '../../nodes/errors'
import { kindOf } from '../../nodes/list-of'
import { evaluateSome, itemsOfEach } from '../evaluate-params'
import type { ContainerRun, Frame, FrameEnd } from '../frame'
import { abandoned } from '../frames'
import { nodeIdOf } from '../node-id-of'
import { stepErrorOf } from '../step-error-of'
import type { OnItemError, PlanNode, PlanSection, StepRecord } from '../types'
import { type Container, errorOf, oneAtATime } from './container'

interface Loop {
  section: PlanSection
  items: Json[]
  concurrency: number
  onItemError: OnItemError
  attempts: number
  retryDelayMs: number
  keyOf(item: Json, index: number): string
}

/** The body once for each item; results in the items' order whatever order they end in. */
export function createForEach(container: Container): ContainerRun {
  const { execution, path } = container
  const { frames, host } = execution
  let loop: Loop | null = null
  let next = 0
  let ended = false
  let cause: StepRecord | null = null
  let draining = container.frame.draining
  /** Items that were not done when a run was taken up to drain; no more than the loop had under way at once. */
  let undone = 0
  let mayOpen = true
  const open = new Map<number, Frame | null>()
  const results: Json[] = []
  const failures = new Map<number, StepRecord>()
  const keys = new Map<string, number>()

  const finish = ({ items, onItemError }: Loop) => {
    ended = true
    if (cause) {
      container.fail(errorOf(cause), cause)
      return
    }
    if (draining) {
      container.drained()
      return
    }
    const kept = failures.size === 0 ? results : results.filter((_, index) => !failures.has(index))
    if (onItemError !== 'collect') {
      container.settle(kept)
      return
    }
    const errors = [...failures].sort(([a], [b]) => a - b).map(([index, record]) => failureOf(index, items[index] ?? null, record))
    container.settle({ results: kept, errors })
  }

  const pump = oneAtATime(() => {
    if (!loop || ended) return
    while (mayOpen && open.size < loop.concurrency && next < loop.items.length) {
      openItem(loop, next++)
      if (draining && undone + open.size >= loop.concurrency) mayOpen = false
    }
    if (open.size === 0 && (next === loop.items.length || !mayOpen)) finish(loop)
  })

  const openItem = (known: Loop, index: number) => {
    const item = known.items[index] ?? null
    const key = known.keyOf(item, index)
    const done = execution.options.finished?.get(path)
    if (done?.has(index)) {
      results[index] = done.get(index) ?? null
      done.delete(index)
      return
    }
    const again = execution.recordOf(`${path}/${index}`)
    if (!draining && again?.retryAt && !isDue(again) && !execution.settledWait(again.path, again.attempt)) {
      open.set(index, null)
      frames.wait({ kind: 'retry', path: again.path, attempt: again.attempt, dueAt: again.retryAt })
      return
    }
    tryItem(known, { index, item, key }, again ? again.attempt + 1 : 1)
  }

  const isDue = ({ retryAt }: StepRecord) => execution.options.cancelling || (retryAt !== undefined && retryAt <= host.now())

  const tryItem = (known: Loop, one: { index: number; item: Json; key: string }, attempt: number) => {
    const { index, item, key } = one
    open.set(index, null)
    const iteration = attempt === 1 ? String(index) : `${index}.${attempt}`
    const frame = container.open(known.section, { iteration, input: item, item, index, key, draining }, (end) =>
      land(known, one, attempt, end),
    )
    if (frame.state === 'open') open.set(index, frame)
  }

  const land = (known: Loop, one: { index: number; item: Json; key: string }, attempt: number, end: FrameEnd) => {
    const { index } = one
    open.delete(index)
    if (end.kind === 'done') results[index] = end.output
    else if (draining) undone += end.kind === 'drained' ? 1 : 0
    else if (end.kind === 'failed') {
      if (attempt < known.attempts && isWorthAnotherTry(errorOf(end.record))) {
        tryLater(known, one, attempt, end.record)
        return
      }
      if (known.onItemError === 'fail') {
        cause = end.record
        drainOthers()
      } else {
        failures.set(index, end.record)
        results[index] = null
      }
    }
    pump()
  }

  const tryLater = (known: Loop, one: { index: number; item: Json; key: string }, attempt: number, failed: StepRecord) => {
    const startedAt = host.now()
    // A run that is being cancelled waits for nothing.
    const delayMs = execution.options.cancelling ? 0 : known.retryDelayMs
    const retryAt = new Date(startedAt.getTime() + delayMs)
    const at = `${path}/${one.index}`
    const wait = { kind: 'retry' as const, path: at, attempt, dueAt: retryAt }
    execution.keep({
      path: at,
      attempt,
      status: 'failed',
      error: { ...errorOf(failed), path: errorOf(failed).path ?? failed.path },
      startedAt,
      durationUs: 0,
      retryAt,
      ...(delayMs > 0 ? { wait } : {}),
    })
    if (delayMs === 0) {
      tryItem(known, one, attempt + 1)
      return
    }
    open.set(one.index, null)
    frames.wait(wait)
  }

  const drainOthers = () => {
    draining = true
    mayOpen = false
    for (const [index, frame] of [...open]) {
      if (frame) frames.drain(frame)
      else if (frames.waits.has(`${path}/${index}`)) {
        frames.dropWait(`${path}/${index}`)
        open.delete(index)
      }
    }
  }

  return {
    begin() {
      try {
        loop = loopOf(container, keys)
      } catch (thrown) {
        ended = true
        container.fail(stepErrorOf(thrown))
        return
      }
      pump()
    },
    drain() {
      if (ended) return
      drainOthers()
      pump()
    },
  }
}

function isWorthAnotherTry({ class: kind, code }: StepError): boolean {
  return kind !== 'cancelled' && kind !== 'budget' && code !== 'step.unknown' && code !== abandoned.code
}

function failureOf(index: number, item: Json, record: StepRecord): Json {
  const { path, ...error } = errorOf(record)
  return { index, item, error: { ...error, step: nodeIdOf(path ?? record.path) } as unknown as Json }
}

function loopOf(container: Container, keys: Map<string, number>): Loop {
  const { planned } = container
  const scope = container.scope()
  if (planned.each) {
    const { body, concurrency, onItemError } = planned.each
    const items = listOf(itemsOfEach(planned, scope), '/settings/each/items')
    container.started({ items: items.length, concurrency })
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
  container.started({ ...params, items: list.length })
  const named = planned.node.params.itemKey
  const keyed =
    typeof named === 'string' && named.trim() !== '' ? planned.params.evaluate(scope, Object.keys(planned.node.params)).itemKey : null
  return {
    section: planned.sections[0] as PlanSection,
    items,
    concurrency: params.concurrency,
    onItemError: params.onItemError,
    attempts: params.attempts,
    retryDelayMs: params.retryDelayMs,
    keyOf: keyed
      ? (item, index) => uniqueKey(keyed as (item: Json, index: number) => Json, item, index, keys)
      : (_, index) => String(index),
  }
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
