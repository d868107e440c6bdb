import type { Json } from '../../graph/schema'
import { limits } from '../../limits'
import { defineExecutor } from '../define'
import { codeJavascript } from './definition'

export const runCodeJavascript = defineExecutor(codeJavascript, async ({ params, input, scope, code, signal }) => {
  const globals: Record<string, Json> = { input, values: params.values, trigger: scope?.trigger ?? null, vars: { ...scope?.vars } }
  if (scope?.item !== undefined) globals.item = scope.item
  if (scope?.index !== undefined) globals.index = scope.index
  const { value, logs } = await code.run({
    source: params.source,
    globals,
    timeoutMs: limits.codeMs,
    memoryBytes: limits.codeMemoryBytes,
    outputBytes: limits.codeOutputBytes,
    signal,
  })
  return { port: 'main', output: value, logs }
})
