import type { CodeRunner } from '@/workflows/nodes/define'
import { NodeError } from '@/workflows/nodes/errors'
import { readJson } from '@/workflows/nodes/read-json'
import { codeError, stoppedCode } from '../code-error'
import { type FoundPython, findPythonSandbox } from './find-python-sandbox'
import { type PythonEnd, startPython } from './start-python'

type Call = Parameters<CodeRunner['run']>[0]
type Answer = Awaited<ReturnType<CodeRunner['run']>>

export interface PythonRunnerOptions {
  /** Calls that may run at once. */
  most?: number
  find?: () => Promise<FoundPython>
}

/** People's Python, a process in a sandbox for each call. */
export function createPythonRunner({ most = 2, find = findPythonSandbox }: PythonRunnerOptions = {}): CodeRunner {
  let running = 0
  const queue: (() => void)[] = []

  async function turn(signal: AbortSignal): Promise<void> {
    if (running < most) {
      running += 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        queue.splice(queue.indexOf(enter), 1)
        reject(stoppedCode(signal))
      }
      const enter = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      queue.push(enter)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  return {
    async run(call) {
      const found = await find()
      if (!found.ok) throw unavailable(found.reason)
      if (call.signal.aborted) throw stoppedCode(call.signal)
      await turn(call.signal)
      try {
        return answerOf(await startPython(found.sandbox, asked(call), call), call.signal)
      } finally {
        const next = queue.shift()
        if (next) next()
        else running -= 1
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
