import { describe, expect, it } from 'vitest'
import { portsOf } from '../../graph/ports-of'
import { agentTaskOf } from './agent-task'
import { aiAgent } from './definition'

const settings = { onError: 'fail', atMostOnce: false, disabled: false, note: '' } as const

describe('an agent', () => {
  it('begins with its instructions and its task, or the input', () => {
    const task = agentTaskOf(aiAgent.params.parse({ instructions: 'Be careful.', input: 'Assess Harbour' }), { a: 1 })
    expect(task.messages).toEqual([
      { role: 'system', content: 'Be careful.' },
      { role: 'user', content: 'Assess Harbour' },
    ])
    expect(agentTaskOf(aiAgent.params.parse({}), { a: 1 }).messages).toEqual([{ role: 'user', content: '{"a":1}' }])
  })
  it('has limits without being told, and none above those of the product', () => {
    expect(agentTaskOf(aiAgent.params.parse({}), null).limits).toEqual({ turns: 10, tokens: 50_000, costMicros: 500_000, ms: 120_000 })
    expect(aiAgent.params.safeParse({ maxTurns: 26 }).success).toBe(false)
    expect(aiAgent.params.safeParse({ maxTokens: 200_001 }).success).toBe(false)
    expect(aiAgent.params.safeParse({ maxMs: 600_001 }).success).toBe(false)
  })
  it('takes tools at a port of its own', () => {
    expect(portsOf({ params: {}, settings }, aiAgent).in).toEqual(['main', 'tools'])
  })
  it('shows its model and what it may cost', () => {
    expect(aiAgent.subtitle?.({}, aiAgent.form)).toBe('Practice model')
    expect(aiAgent.subtitle?.({ model: 'gpt-5', maxCostMicros: 100_000 }, aiAgent.form)).toBe('gpt-5 · ≤ ¤0.10 a run')
  })
})
