import { NodeError, type StepError } from '../nodes/errors'

/** What was thrown, as a step records it; the texts of our own bugs are not shown to people. */
export function stepErrorOf(thrown: unknown): StepError {
  if (thrown instanceof NodeError) return thrown.step
  return {
    class: 'internal',
    code: 'internal',
    message: 'Something went wrong on our side while this step ran.',
    hint: 'Run it again; if it happens again, the log of the worker names the cause.',
  }
}
