import { describe, expect, it } from 'vitest'
import { catalogue } from '../nodes/catalogue'
import type { NodeDefinition } from '../nodes/define'
import { repeatsOf } from './repeats-of'
import type { Json } from './schema'

const node = (type: string) => {
  const found: NodeDefinition | undefined = catalogue.get(type)
  if (!found) throw new Error(type)
  return found
}
const http = (method: Json) => ({ definition: node('http.request'), params: { method } })

describe('doing a step once more', () => {
  it.each([
    ['GET', 'read'],
    ['HEAD', 'read'],
    ['PUT', 'idempotent'],
    ['DELETE', 'idempotent'],
    ['POST', 'unsafe'],
    ['PATCH', 'unsafe'],
    ['{{ input.method }}', 'unsafe'],
  ])('by HTTP %s is %s', (method, expected) => {
    expect(repeatsOf(node('http.request'), { method })).toBe(expected)
  })

  it('is nothing outside for what computes, steers or waits', () => {
    for (const type of ['data.set', 'code.javascript', 'flow.if', 'flow.wait', 'flow.for_each', 'trigger.manual', 'http.respond']) {
      expect([type, repeatsOf(node(type), {})]).toEqual([type, null])
    }
  })

  it('starts another run, asks a person again, and does what the tools of an agent do', () => {
    expect(repeatsOf(node('flow.sub_workflow'), {})).toBe('unsafe')
    expect(repeatsOf(node('people.approval'), {})).toBe('unsafe')
    expect(repeatsOf(node('ai.agent'), {})).toBe('read')
    expect(repeatsOf(node('ai.agent'), {}, [http('GET'), http('PUT')])).toBe('idempotent')
    expect(repeatsOf(node('ai.agent'), {}, [http('POST'), http('GET')])).toBe('unsafe')
  })
})
