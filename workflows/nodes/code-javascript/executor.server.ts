import { limits } from '../../limits'
import { codeGlobals } from '../code-globals'
import { withCodeHint } from '../code-hints'
import { defineExecutor } from '../define'
import { codeJavascript } from './definition'

export const runCodeJavascript = defineExecutor(codeJavascript, async (call) => {
  const run = call.code.run({
    source: call.params.source,
    globals: codeGlobals(call),
    timeoutMs: limits.codeMs,
    memoryBytes: limits.codeMemoryBytes,
    outputBytes: limits.codeOutputBytes,
    signal: call.signal,
  })
  const { value, logs } = await run.catch((error: unknown) => {
    throw withCodeHint(error, 'javascript')
  })
  return { port: 'main', output: value, logs }
})
