import { limits } from '../../limits'
import { codeGlobals } from '../code-globals'
import { withCodeHint } from '../code-hints'
import { defineExecutor } from '../define'
import { codePython } from './definition'

export const runCodePython = defineExecutor(codePython, async (call) => {
  const run = call.python.run({
    source: call.params.source,
    globals: codeGlobals(call),
    timeoutMs: limits.codeMs,
    memoryBytes: limits.codeMemoryBytes,
    outputBytes: limits.codeOutputBytes,
    signal: call.signal,
  })
  const { value, logs } = await run.catch((error: unknown) => {
    throw withCodeHint(error, 'python')
  })
  return { port: 'main', output: value, logs }
})
