import type { CodeRunner } from '@/workflows/nodes/define'
import { NodeError } from '@/workflows/nodes/errors'
import { readJson } from '@/workflows/nodes/read-json'
import { codeError, stoppedCode } from '../code-error'
import { createTurns } from '../turns'
import { type FoundPython, findPythonSandbox } from './find-python-sandbox'
import { type PythonEnd, startPython } from './start-python'

type Call = Parameters<CodeRunner['run']>[0]
type Answer = Awaited<ReturnType<CodeRunner['run']>>

export interface PythonRunnerOptions {
  /** Calls that may run at once. */
  most?: number
  find?: () => Promise<FoundPython>
}

/** People's Python, a process in a sandbox for each call; calls of one owner wait for each other before those of others do. */
export function createPythonRunner({ most = 2, find = findPythonSandbox }: PythonRunnerOptions = {}): {
  run(call: Call, owner?: string): Promise<Answer>
} {
  const turns = createTurns(most)
  return {
    async run(call, owner = '') {
      const found = await find()
      if (!found.ok) throw unavailable(found.reason)
      const leave = await turns.take(owner, call.signal)
      try {
        if (call.signal.aborted) throw stoppedCode(call.signal)
        return answerOf(await startPython(found.sandbox, asked(call), call), call.signal)
      } finally {
        leave()
      }
    },
  }
}

function asked({ source, globals, timeoutMs, memoryBytes, outputBytes }: Call) {
  return { source, globals: JSON.stringify(globals), memoryBytes, outputBytes, cpuSeconds: Math.ceil(timeoutMs / 1_000) + 1 }
}

function answerOf({ reply, text, logs }: PythonEnd, signal: AbortSignal): Answer {
  if (reply === 'stopped') throw stoppedCode(signal)
  if (reply === 'unavailable') throw unavailable(text)
  if (reply !== 'ok') throw codeError(reply, text, logs)
  const read = readJson(text)
  if (!read.ok) throw codeError('not_json', read.message, logs)
  return { value: read.value, logs }
}

function unavailable(reason: string): NodeError {
  return new NodeError({
    class: 'internal',
    code: 'code.no_sandbox',
    message: 'This machine cannot run Python safely, so it does not run it at all.',
    hint: `Use a Code step with JavaScript, or ask whoever keeps this instance to look at npm run doctor. ${reason}`.trim().slice(0, 600),
  })
}
