import type { Json } from '../../graph/schema'
import { type Condition, conditionsHold } from '../../nodes/conditions'
import { evaluateSome } from '../evaluate-params'
import type { ContainerRun, Frame, FrameEnd } from '../frame'
import { abandonRecord } from '../frames'
import { stepErrorOf } from '../step-error-of'
import type { PlanSection, StepRecord } from '../types'
import { type Container, errorOf, oneAtATime } from './container'

interface Repeating {
  mode: 'while' | 'until'
  check: 'before' | 'after'
  limit: number
  onLimit: 'fail' | 'go-on'
}

/** The body again and again; each round gets what the last one gave. */
export function createRepeat(container: Container): ContainerRun {
  const { execution, planned, path } = container
  const { frames, host } = execution
  const section = planned.sections[0] as PlanSection
  let how: Repeating | null = null
  let round = 0
  let value: Json = container.input
  let current: Frame | 'resting' | 'opening' | null = null
  let failed: StepRecord | null = null
  let ended = false
  let draining = container.frame.draining

  const pausePath = () => `${path}/${round}`
  /** The decision to go on was made before a crash: it is not made again, the clock may say something else by now. */
  const hasBegun = () =>
    execution.recordOf(pausePath()) !== undefined ||
    section.order.some((id) => section.nodes.get(id)?.incoming.length === 0 && execution.recordOf(`${pausePath()}/${id}`) !== undefined)

  const turn = oneAtATime(() => {
    if (!how || ended || current) return
    try {
      if (failed) {
        ended = true
        container.fail(errorOf(failed), failed)
        return
      }
      if (!hasBegun()) {
        if (draining) {
          ended = true
          container.drained()
          return
        }
        if ((round > 0 || how.check === 'before') && !goesOn(how)) {
          ended = true
          container.settle(value)
          return
        }
        if (round >= how.limit) {
          ended = true
          if (how.onLimit === 'go-on') container.settle(value)
          else container.fail(tooMany(how.limit))
          return
        }
      }
      if (!pauseIsOver()) return
      current = 'opening'
      const frame = container.open(section, { iteration: String(round), key: String(round), input: value, index: round, draining }, land)
      if (current === 'opening') current = frame
    } catch (thrown) {
      ended = true
      container.fail(stepErrorOf(thrown))
    }
  })

  const land = (end: FrameEnd) => {
    current = null
    if (end.kind === 'done') {
      value = end.output
      round += 1
    } else if (end.kind === 'failed' && !draining) failed = end.record
    else {
      ended = true
      container.drained()
      return
    }
    turn()
  }

  const goesOn = ({ mode }: Repeating): boolean => {
    const scope = { ...container.scope(value, round), now: host.now() }
    const { conditions, combine } = evaluateSome(planned, scope, ['conditions', 'combine']) as {
      conditions: Condition[]
      combine: 'all' | 'any'
    }
    return conditionsHold(conditions, combine) === (mode === 'while')
  }

  /** A pause between rounds is a wait like any other: it survives restarts. */
  const pauseIsOver = (): boolean => {
    if (round === 0) return true
    const known = execution.recordOf(pausePath())
    if (known && known.status !== 'waiting') return true
    if (known) {
      const over = execution.settledWait(known.path, known.attempt) !== undefined || (known.retryAt && known.retryAt <= host.now())
      if (over || draining) {
        const { retryAt: _due, ...rest } = known
        execution.keep({ ...rest, status: 'succeeded', durationUs: Math.max(0, host.now().getTime() - known.startedAt.getTime()) * 1_000 })
        return true
      }
      rest(known.retryAt ?? host.now())
      return false
    }
    if (hasBegun()) return true
    const { pauseMs } = evaluateSome(planned, container.scope(value, round), ['pauseMs']) as { pauseMs: number }
    if (pauseMs === 0) return true
    const startedAt = host.now()
    const dueAt = new Date(startedAt.getTime() + pauseMs)
    const wait = { kind: 'time' as const, path: pausePath(), attempt: 1, dueAt }
    execution.keep({ path: pausePath(), attempt: 1, status: 'waiting', startedAt, durationUs: 0, retryAt: dueAt, wait })
    rest(dueAt)
    return false
  }

  const rest = (dueAt: Date) => {
    current = 'resting'
    frames.wait({ kind: 'time', path: pausePath(), attempt: 1, dueAt })
  }

  return {
    begin() {
      try {
        how = evaluateSome(planned, container.scope(), ['mode', 'check', 'limit', 'onLimit']) as unknown as Repeating
        container.started({ ...how })
      } catch (thrown) {
        ended = true
        container.fail(stepErrorOf(thrown))
        return
      }
      turn()
    },
    drain() {
      if (ended) return
      draining = true
      if (current === 'resting') {
        frames.dropWait(pausePath())
        abandonRecord(execution.recordOf(pausePath()), execution.keep)
        ended = true
        container.drained()
      } else if (current && current !== 'opening') frames.drain(current)
    },
  }
}

function tooMany(limit: number) {
  return {
    class: 'business' as const,
    code: 'repeat.limit',
    message: `It was not done after ${limit} rounds.`,
    hint: 'Allow more rounds, a longer pause between them, or look at why the condition does not come true.',
  }
}
