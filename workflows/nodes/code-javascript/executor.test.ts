import { describe, expect, it } from 'vitest'
import { runEffect } from '../../../tests/support/run-node'
import type { CodeRunner } from '../define'
import { codeJavascript } from './definition'
import { runCodeJavascript } from './executor.server'

describe('code', () => {
  it('gets input, trigger, variables and values, and hands on value and log', async () => {
    const hi = { at: '2026-03-01T10:00:00.000Z', level: 'warn', text: 'hi' } as const
    const calls: Parameters<CodeRunner['run']>[0][] = []
    const code: CodeRunner = {
      run: async (call) => {
        calls.push(call)
        return { value: 7, logs: [hi] }
      },
    }
    const scope = { trigger: { t: 1 }, vars: { v: 2 }, item: 'x', index: 0 }
    const result = await runEffect(
      codeJavascript,
      runCodeJavascript,
      { source: 'return 7', values: { rate: 1.5 } },
      { input: 5, code, scope },
    )
    expect(result).toEqual({ port: 'main', output: 7, logs: [hi] })
    expect(calls[0]).toMatchObject({
      source: 'return 7',
      globals: { input: 5, trigger: { t: 1 }, vars: { v: 2 }, values: { rate: 1.5 }, item: 'x', index: 0 },
    })
  })
  it('shows its first line, or how many there are', () => {
    expect(codeJavascript.subtitle?.({ source: 'return input' }, codeJavascript.form)).toBe('return input')
    expect(codeJavascript.subtitle?.({ source: 'a\nb' }, codeJavascript.form)).toBe('2 lines of JavaScript')
  })
})
