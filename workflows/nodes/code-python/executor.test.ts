import { describe, expect, it } from 'vitest'
import { runEffect } from '../../../tests/support/run-node'
import type { CodeRunner } from '../define'
import { codePython } from './definition'
import { runCodePython } from './executor.server'

describe('Python', () => {
  it('gets input, trigger, variables and values, and hands on value and log', async () => {
    const hi = { at: '2026-03-01T10:00:00.000Z', level: 'warn', text: 'hi' } as const
    const calls: Parameters<CodeRunner['run']>[0][] = []
    const python: CodeRunner = {
      run: async (call) => {
        calls.push(call)
        return { value: 7, logs: [hi] }
      },
    }
    const scope = { trigger: { t: 1 }, vars: { v: 2 }, item: 'x', index: 0 }
    const result = await runEffect(codePython, runCodePython, { source: 'return 7', values: { rate: 1.5 } }, { input: 5, python, scope })
    expect(result).toEqual({ port: 'main', output: 7, logs: [hi] })
    expect(calls[0]).toMatchObject({
      source: 'return 7',
      globals: { input: 5, trigger: { t: 1 }, vars: { v: 2 }, values: { rate: 1.5 }, item: 'x', index: 0 },
    })
  })
  it('shows its first line, or how many there are', () => {
    expect(codePython.subtitle?.({ source: 'return input' }, codePython.form)).toBe('return input')
    expect(codePython.subtitle?.({ source: 'a\nb' }, codePython.form)).toBe('2 lines of Python')
  })
})
