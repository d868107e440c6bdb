import { limits } from '../../limits'
import { codeGlobals } from '../code-globals'
import { defineExecutor } from '../define'
import { codePython } from './definition'

export const runCodePython = defineExecutor(codePython, async (call) => {
  const { value, logs } = await call.python.run({
    source: call.params.source,
    globals: codeGlobals(call),
    timeoutMs: limits.codeMs,
    memoryBytes: limits.codeMemoryBytes,
    outputBytes: limits.codeOutputBytes,
    signal: call.signal,
  })
  return { port: 'main', output: value, logs }
})
