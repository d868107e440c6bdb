import type { TakenRun } from '@/db/engine'
import type { PlanRefused } from '@/server/services/runs/load-plan'
import type { Json } from '@/workflows/graph/schema'
import type { StepError } from '@/workflows/nodes/errors'
import { durationInWords } from '@/workflows/nodes/flow-wait/duration-in-words'
import { nodeIdOf } from '@/workflows/runtime/node-id-of'
import type { PendingWait, Plan } from '@/workflows/runtime/types'

/** The one that people can do something about, else the one that is over first. */
export function waitingForOf(waits: readonly PendingWait[], plan: Plan): Json {
  const time = (wait: PendingWait) => wait.dueAt?.getTime() ?? Number.POSITIVE_INFINITY
  const [first] = [...waits].sort((a, b) => Number(b.kind === 'approval') - Number(a.kind === 'approval') || time(a) - time(b))
  if (!first) return null
  const node = plan.nodes.get(nodeIdOf(first.path, plan))?.node
  return {
    kind: first.kind,
    path: first.path,
    dueAt: first.dueAt?.toISOString() ?? null,
    nodeTitle: node?.title ?? null,
    count: waits.length,
    ...(first.kind === 'circuit' ? { circuit: first.error?.details ?? null } : {}),
  }
}

/** When the run has had the longest time that its settings allow; null where they allow any. */
export function endOf(plan: Plan, taken: TakenRun): number | null {
  const { maxDurationMs } = plan.settings
  return maxDurationMs === undefined ? null : taken.startedAt.getTime() + maxDurationMs
}

export function sooner(until: Date | null, end: number | null): Date | null {
  if (end === null) return until
  return until && until.getTime() < end ? until : new Date(end)
}

export function tooLong({ settings }: Plan): StepError {
  return {
    class: 'timeout',
    code: 'run.too_long',
    message: `The run took longer than ${durationInWords(settings.maxDurationMs ?? 0)}, the longest that its workflow allows.`,
    hint: 'Look at what took so long, or allow more time in the settings of the workflow.',
  }
}

export function wrongOutput(words: string): StepError {
  return {
    class: 'bad_data',
    code: 'run.output',
    message: `The output is not what the workflow promises. ${words}`,
    hint: 'Change the last step, or the output in the settings of the workflow.',
  }
}

export const poison: StepError = {
  class: 'internal',
  code: 'run.crashes_worker',
  message: 'Three times in a row a worker died while it executed this run and nothing else.',
  hint: 'Look at the step that was under way: it may need too much memory. Change it, then run again from there.',
}

export const ownFault: StepError = {
  class: 'internal',
  code: 'run.own_fault',
  message: 'Millrace itself failed three times where it went on with this run.',
  hint: 'The log of the worker says why, beside the id of the run: report that. Then change the step behind the last one that is shown, and run again from there.',
}

export function refusal(error: PlanRefused): StepError {
  return { class: 'bad_data', code: 'plan.refused', message: error.message, hint: 'Publish the workflow again and run that version.' }
}

export function notStorable(code: string): StepError {
  return {
    class: 'bad_data',
    code: 'run.not_storable',
    message: `The database cannot hold what this run produced (${code}).`,
    hint: 'Look at the step behind the last one that is shown: make its output smaller or plainer, then run again from there.',
  }
}
