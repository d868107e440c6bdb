import type { Json } from '../../graph/schema'
import type { ContainerRun, Frame, FrameEnd } from '../frame'
import type { StepRecord } from '../types'
import { type Container, errorOf } from './container'
import { errorAsData, type NamedNodes } from './error-as-data'

type Result = { kind: 'done'; output: Json } | { kind: 'failed'; record: StepRecord } | { kind: 'drained' }
type SectionName = 'try' | 'catch' | 'finally'

/** The body; what catches its failure; and what runs in any case, also when the run fails elsewhere or is cancelled. */
export function createTry(container: Container): ContainerRun {
  const { execution, planned } = container
  const { frames } = execution
  const sections = new Map(planned.sections.map((section) => [section.name as SectionName, section]))
  let draining = container.frame.draining
  let current: { name: SectionName; frame: Frame } | null = null
  let result: Result | null = null

  const run = (name: SectionName, input: Json) => {
    const section = sections.get(name)
    if (!section) {
      after(name, name === 'catch' && result ? result : { kind: 'done', output: input })
      return
    }
    const isLast = name === 'finally'
    const opened = container.open(section, { iteration: name, input, draining: !isLast && draining, shielded: isLast }, (end) =>
      after(name, end),
    )
    if (opened.state === 'open') current = { name, frame: opened }
  }

  const after = (name: SectionName, end: FrameEnd) => {
    current = null
    if (name === 'finally') {
      conclude(end.kind === 'failed' ? end : (result as Result))
      return
    }
    result = draining ? { kind: 'drained' } : end
    // While draining, only what had begun in the catch is opened again.
    if (name === 'try' && end.kind === 'failed' && sections.has('catch')) {
      run('catch', { error: errorAsData(end.record, execution.plan.nodes), input: container.input })
      return
    }
    run('finally', outcomeAsData(result, execution.plan.nodes))
  }

  const conclude = (end: Result) => {
    if (draining) container.drained()
    else if (end.kind === 'done') container.settle(end.output)
    else if (end.kind === 'failed') container.fail(errorOf(end.record), end.record)
    else container.drained()
  }

  return {
    begin() {
      container.started({})
      run('try', container.input)
    },
    drain() {
      draining = true
      if (current && current.name !== 'finally') frames.drain(current.frame)
    },
  }
}

function outcomeAsData(result: Result, nodes: NamedNodes): Json {
  if (result.kind === 'done') return { status: 'succeeded', output: result.output }
  if (result.kind === 'failed') return { status: 'failed', error: errorAsData(result.record, nodes) }
  return { status: 'cancelled' }
}
