import type { Json } from '../../graph/schema'
import { evaluateSome } from '../evaluate-params'
import type { ContainerRun, Frame, FrameEnd } from '../frame'
import { endsOf } from '../run-output'
import { stepErrorOf } from '../step-error-of'
import type { StepRecord } from '../types'
import { type Container, errorOf } from './container'

type Until = 'all' | 'any' | 'race'

/** Branches side by side: all of them, the first that succeeds, or the first that ends. */
export function createParallel(container: Container): ContainerRun {
  const { execution, planned } = container
  const { frames } = execution
  let until: Until = 'all'
  let draining = container.frame.draining
  let opening = true
  let ended = false
  const open = new Map<string, { frame: Frame | null; aborter: AbortController }>()
  const ends: [string, Json][] = []
  const failures = new Map<string, StepRecord>()
  let result: { kind: 'done'; output: Json } | { kind: 'failed'; record: StepRecord } | null = null

  const land = (name: string, end: FrameEnd, made: [string, Json][]) => {
    open.delete(name)
    if (!draining && !result) {
      if (end.kind === 'failed') failures.set(name, end.record)
      if (until === 'all') {
        if (end.kind === 'done') ends.push(...made)
        else if (end.kind === 'failed') decide({ kind: 'failed', record: end.record })
      } else if (end.kind === 'done') decide({ kind: 'done', output: end.output })
      else if (end.kind === 'failed' && until === 'race') decide({ kind: 'failed', record: end.record })
    }
    conclude()
  }

  const decide = (how: NonNullable<typeof result>) => {
    result = how
    letGo()
  }

  /** A branch that lost is broken off; one beside a failure ends what it is doing. */
  const letGo = () => {
    for (const { frame, aborter } of [...open.values()]) {
      if (until !== 'all' && result) aborter.abort(new Error('another branch came first'))
      if (frame) frames.drain(frame)
    }
  }

  const conclude = () => {
    if (opening || ended || open.size > 0) return
    ended = true
    if (result?.kind === 'failed') container.fail(errorOf(result.record), result.record)
    else if (result) container.settle(result.output)
    else if (draining) container.drained()
    else if (until === 'all') container.settle(inOrder(container, ends))
    else noneSucceeded(container, failures)
  }

  return {
    begin() {
      try {
        const params = evaluateSome(planned, container.scope(), ['until']) as { until: Until }
        until = params.until
        container.started({ ...params })
      } catch (thrown) {
        ended = true
        container.fail(stepErrorOf(thrown))
        return
      }
      for (const section of planned.sections) {
        const { name } = section
        const aborter = new AbortController()
        open.set(name, { frame: null, aborter })
        const branch: { frame: Frame | null; end: FrameEnd | null } = { frame: null, end: null }
        branch.frame = container.open(
          section,
          { iteration: name, input: container.input, aborter, draining: draining || result !== null },
          (end) => {
            branch.end = end
            if (branch.frame) land(name, end, endsOf(section, branch.frame.flow))
          },
        )
        if (branch.end) land(name, branch.end, endsOf(section, branch.frame.flow))
        else open.set(name, { frame: branch.frame, aborter })
      }
      opening = false
      conclude()
    },
    drain() {
      if (ended) return
      draining = true
      letGo()
      conclude()
    },
  }
}

/** By key, in the order of the graph, whatever order the branches ended in. */
function inOrder({ planned }: Container, ends: readonly [string, Json][]): Json {
  const values = new Map(ends)
  const keys = planned.sections.flatMap((section) => section.order.map((id) => section.nodes.get(id)?.node.key ?? id))
  return Object.fromEntries(keys.flatMap((key): [string, Json][] => (values.has(key) ? [[key, values.get(key) ?? null]] : [])))
}

function noneSucceeded(container: Container, failures: ReadonlyMap<string, StepRecord>): void {
  const first = container.planned.sections.map((section) => failures.get(section.name)).find((record) => record !== undefined)
  if (!first) {
    container.settle(null)
    return
  }
  const error = errorOf(first)
  container.fail({ ...error, message: `None of ${failures.size} branches succeeded. The first said: ${error.message}` }, first)
}
