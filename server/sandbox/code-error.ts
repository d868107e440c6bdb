import { NodeError, type StepError } from '@/workflows/nodes/errors'
import type { LogLine } from '@/workflows/nodes/log-line'
import { part } from '@/workflows/words/part'
import type { CodeReply } from './thread'

/** Beside what a thread says: a process that went away without a word, and one that printed without end. */
type Reason = Extract<CodeReply, { ok: false }>['reason'] | 'ended' | 'printed'

/** What went wrong in people's code, in words; the log so far goes along, its end as details too, which an agent reads. */
export function codeError(reason: Reason, text: string, logs: readonly LogLine[]): NodeError {
  const step: StepError = {
    ...describe(reason, text),
    code: `code.${reason}`,
    pointer: '/params/source',
    ...(logs.length > 0 ? { details: { logs: logs.slice(-20).map((line) => line.text) } } : {}),
  }
  return new NodeError(step, { logs })
}

function describe(reason: Reason, text: string): Pick<StepError, 'class' | 'message' | 'hint'> {
  const line = /code\.(?:js|py):(\d+)/.exec(text)?.[1]
  const at = line ? part` in line ${line}` : ''
  const said = (text.split('\n')[0] ?? '').slice(0, 500)
  switch (reason) {
    case 'syntax':
      return { class: 'bad_data', message: `The code cannot be read${at}: ${said}`, hint: 'Look for a missing bracket or quote there.' }
    case 'threw':
      return {
        class: 'bad_data',
        message: `The code failed${at}: ${said || part`it threw an empty text`}`,
        hint: 'Look at the input of this step and at that line.',
      }
    case 'timeout':
      return {
        class: 'timeout',
        message: 'The code ran longer than it may.',
        hint: 'Look for a loop that never ends, or give it less data at a time.',
      }
    case 'memory':
      return {
        class: 'bad_data',
        message: 'The code used more memory than it may.',
        hint: 'Give it less data at a time, and look for lists that grow in a loop.',
      }
    case 'stack':
      return {
        class: 'bad_data',
        message: 'The code calls itself too deeply.',
        hint: 'Look for a function that calls itself without an end.',
      }
    case 'pending':
      return {
        class: 'bad_data',
        message: 'The code waits for something that never comes.',
        hint: 'There are no timers and no network here; use a Wait or an HTTP request step.',
      }
    case 'too_large':
      return { class: 'bad_data', message: 'The code returned more than 10 MB.', hint: 'Return only what later steps need.' }
    case 'not_json':
      return {
        class: 'bad_data',
        message: `The code returned something that is not plain data: ${said}`,
        hint: 'Return text, numbers, true, false, null, lists and objects.',
      }
    case 'ended':
      return {
        class: 'bad_data',
        message: 'The code ended its own process before it returned.',
        hint: 'Look for os._exit, or for a library that crashed.',
      }
    case 'printed':
      return { class: 'bad_data', message: 'The code printed more than it may.', hint: 'Print only what helps to understand a run.' }
  }
}

/** Somebody stopped the step, or its time is over. */
export function stoppedCode(signal: AbortSignal): NodeError {
  const late = signal.reason instanceof Error && signal.reason.name === 'TimeoutError'
  return late
    ? codeError('timeout', '', [])
    : new NodeError({ class: 'cancelled', code: 'code.cancelled', message: 'The code was stopped.' })
}
