import { limits } from '../../limits'
import { codeGlobals } from '../code-globals'
import { defineExecutor } from '../define'
import { codeJavascript } from './definition'

export const runCodeJavascript = defineExecutor(codeJavascript, async (call) => {
  const { value, logs } = await call.code.run({
    source: call.params.source,
    globals: codeGlobals(call),
    timeoutMs: limits.codeMs,
    memoryBytes: limits.codeMemoryBytes,
    outputBytes: limits.codeOutputBytes,
    signal: call.signal,
  })
  return { port: 'main', output: value, logs }
})
