import { describe, expect, it } from 'vitest'
import { limits } from '../limits'
import { catalogue } from '../nodes/catalogue'
import { compile } from './compile'
import type { Graph, Problem } from './schema'
import { graph, testNode } from './test-graph'
import { type Surroundings, validate } from './validate'

function problemsOf(drawn: Graph, surroundings: Surroundings = {}): string[] {
  return validate(drawn, catalogue, surroundings).map((problem) => `${problem.code} ${problem.nodeId ?? ''}${problem.pointer ?? ''}`)
}

function withFields(value: unknown) {
  return { params: { fields: [{ name: 'x', value: value as string }] } }
}

describe('what stops a publish', () => {
  it('is nothing where all is well', () => {
    expect(problemsOf(graph('start -> a -> agent -> b; tool => agent', { b: withFields('{{ steps.$a.x }}') }))).toEqual([])
  })

  it.each([
    ['nothing that starts it', graph('a'), ['graph.no_trigger ']],
    ['only triggers that are off', graph('start -> a', { start: { settings: { disabled: true } } }), ['graph.no_trigger ']],
    ['an unknown type', graph('start -> a', { a: { type: 'shell.exec' } }), ['node.unknown_type a/type']],
    ['a missing field', graph('start -> a', { a: { type: 'http.request', params: {} } }), ['param.required a/params/url']],
    ['an empty field', graph('start -> a', { a: { type: 'http.request', params: { url: ' ' } } }), ['param.invalid a/params/url']],
    [
      'a field that cannot be right',
      graph('start -> a', { a: { type: 'http.request', params: { url: 'https://a.example', method: 'FETCH' } } }),
      ['param.invalid a/params/method'],
    ],
    ['what the definition says', graph('start -> a', { a: { type: 'flow.if', params: {} } }), ['param.required a/params/conditions']],
    ['an agent without a model', graph('start -> agent', { agent: { params: { model: '' } } }), ['param.required agent/params/model']],
    [
      'a model without its provider',
      graph('start -> agent', { agent: { params: { model: 'gpt-5-mini' } } }),
      ['param.required agent/params/credential'],
    ],
    [
      'an edge whose way out is gone',
      graph('start -> a.EU -> b', {
        a: { type: 'flow.switch', params: { cases: [{ port: 'US', conditions: [{ left: 1, operator: 'equals', right: 1 }] }] } },
      }),
      ['edge.port_missing a'],
    ],
    ['a loop', graph('start -> a -> b -> a'), ['edge.cycle a']],
    ['a tool that is none', graph('start -> agent; b => agent'), ['edge.not_a_tool b']],
    ['a tool in the flow', graph('start -> tool; start -> agent; tool => agent'), ['edge.tool_in_flow tool']],
    [
      'an expression that cannot be read',
      graph('start -> a', { a: withFields('{{ input. }}') }),
      ['expression.syntax a/params/fields/0/value'],
    ],
    [
      'a step that was removed',
      graph('start -> a', { a: withFields('{{ steps.$gone.x }}') }),
      ['expression.unknown_step a/params/fields/0/value'],
    ],
    [
      'a step that runs later',
      graph('start -> a -> b', { a: withFields('{{ steps.$b.x }}') }),
      ['expression.not_upstream a/params/fields/0/value'],
    ],
    [
      'a step on another branch',
      graph('start -> a; start -> b', { a: withFields('{{ steps.$b.x }}') }),
      ['expression.not_upstream a/params/fields/0/value'],
    ],
    ['its own output', graph('start -> a', { a: withFields('{{ steps.$a.x }}') }), ['expression.own_output a/params/fields/0/value']],
    [
      'a tool that is read',
      graph('start -> agent -> b; tool => agent', { b: withFields('{{ steps.$tool.x }}') }),
      ['expression.not_upstream b/params/fields/0/value'],
    ],
    [
      'item where nothing is looked at item by item',
      graph('start -> a', { a: withFields('{{ item.x }}') }),
      ['expression.no_item a/params/fields/0/value'],
    ],
    [
      'fields left to a model outside a tool',
      graph('start -> a', { a: { type: 'http.request', params: { url: "https://a.example/{{ $ai('id', 'The id') }}" } } }),
      ['expression.ai_outside_tool a/params'],
    ],
    [
      'a credential from an expression',
      graph('start -> a', { a: { type: 'http.request', params: { url: 'https://a.example', credential: '{{ input.c }}' } } }),
      ['credential.expression a/params/credential'],
    ],
  ])('is %s', (_what, drawn, expected) => {
    expect(problemsOf(drawn)).toEqual(expected)
  })

  it('is two nodes of one name and edges that lead nowhere', () => {
    const drawn = graph('start -> a')
    const broken: Graph = {
      ...drawn,
      nodes: [...drawn.nodes, testNode('b', { key: 'a' })],
      edges: [
        ...drawn.edges,
        { id: 'e1', from: 'a', fromPort: 'main', to: 'gone', toPort: 'main' },
        { id: 'e2', from: 'start', fromPort: 'main', to: 'a', toPort: 'main' },
      ],
    }
    expect(problemsOf(broken)).toEqual(expect.arrayContaining(['node.key_taken b/key', 'edge.end_missing a', 'edge.duplicate a']))
  })

  it('is a credential that is unknown or of another kind', () => {
    const drawn = graph('start -> a', { a: { type: 'http.request', params: { url: 'https://a.example', credential: 'crd_1' } } })
    expect(problemsOf(drawn)).toEqual([])
    expect(problemsOf(drawn, { credentials: new Map() })).toEqual(['credential.unknown a/params/credential'])
    expect(problemsOf(drawn, { credentials: new Map([['crd_1', { type: 'model.openai' }]]) })).toEqual([
      'credential.wrong_type a/params/credential',
    ])
    expect(problemsOf(drawn, { credentials: new Map([['crd_1', { type: 'http.bearer' }]]) })).toEqual([])
  })

  it('is not a field that an expression fills later', () => {
    expect(
      problemsOf(graph('start -> a', { a: { type: 'http.request', params: { url: '{{ input.url }}', headers: { a: '{{ input.h }}' } } } })),
    ).toEqual([])
    expect(problemsOf(graph('start -> a', { a: { type: 'flow.if', params: { conditions: '{{ input.conditions }}' } } }))).not.toContain(
      'param.invalid a/params/conditions',
    )
  })

  it('suggests the name that was meant', () => {
    const [problem] = validate(graph('start -> fetch -> b', { b: withFields('{{ steps.fecth.x }}') }))
    expect(problem?.message).toBe('There is no step called “fecth”. Did you mean `fetch`?')
  })
})

describe('what is said and passes', () => {
  it.each([
    ['a node that nothing leads to', graph('start -> a', { lost: {} }), ['node.unreachable lost']],
    ['an answer that nobody waits for', graph('start -> a', { a: { type: 'http.respond' } }), ['node.no_caller a']],
    [
      'an error port without a way on',
      graph('start -> a', { a: { type: 'http.request', params: { url: 'https://a.example' }, settings: { onError: 'port' } } }),
      ['node.error_port_unused a/settings/onError'],
    ],
  ])('is %s', (_what, drawn, expected) => {
    const problems = validate(drawn)
    expect(problems.map((problem) => problem.severity)).toEqual(['warning'])
    expect(problemsOf(drawn)).toEqual(expected)
    expect(compile(drawn).ok).toBe(true)
  })

  it('is a variable that is not set, where they are known', () => {
    const drawn = graph('start -> a', { a: withFields('{{ vars.rate }}') })
    expect(problemsOf(drawn, { variables: new Set(['rates']) })).toEqual(['expression.unknown_variable a/params/fields/0/value'])
    expect(problemsOf(drawn, { variables: new Set(['rate']) })).toEqual([])
  })

  it('is nothing for the answer to a webhook', () => {
    expect(problemsOf(graph('hook -> a', { hook: { type: 'trigger.webhook' }, a: { type: 'http.respond' } }))).toEqual([])
  })
})

describe('the list', () => {
  it('speaks in sentences, errors first, 200 at most', () => {
    const many = graph(
      '',
      Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`n${index}`, { type: 'http.request', params: {} }])),
    )
    const problems: Problem[] = validate(many)
    expect(problems).toHaveLength(limits.problems)
    for (const problem of problems) expect(problem.message).toMatch(/[.`]$/)
    const mixed = validate(graph('start -> a', { lost: {}, a: { type: 'http.request', params: {} } }))
    expect(mixed.map((problem) => problem.severity)).toEqual(['error', 'warning'])
  })

  it('is made for 10,000 nodes that read each other, and the plan too', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `n${index}`)
    const drawn = graph(
      `start -> ${names.slice(1).join(' -> ')}`,
      Object.fromEntries(names.slice(2).map((name, index) => [name, withFields(`{{ steps.$n${index + 1}.x }}`)])),
    )
    expect(validate(drawn)).toEqual([])
    expect(compile(drawn).ok).toBe(true)
  }, 30_000)
})

describe('the plan', () => {
  const planOf = (drawn: Graph, options = {}) => {
    const compiled = compile(drawn, catalogue, options)
    if (!compiled.ok) throw new Error(compiled.problems.map((problem) => problem.message).join(' '))
    return compiled.plan
  }

  it('leaves out notes and lists tools with their agent', () => {
    const plan = planOf(
      graph('start -> agent -> b; tool => agent', { memo: { type: 'note.sticky' }, b: withFields('{{ steps.$agent.answer }}') }),
    )
    expect(plan.order).toEqual(['start', 'agent', 'b'])
    expect(plan.nodes.get('agent')?.tools).toEqual(['tool'])
    expect(plan.nodes.get('tool')?.outgoing).toEqual([])
    expect(plan.nodes.get('b')?.reads).toEqual(['agent'])
    expect(plan.nodes.has('memo')).toBe(false)
  })

  it('leaves out a tool that is switched off', () => {
    expect(planOf(graph('start -> agent; tool => agent', { tool: { settings: { disabled: true } } })).nodes.get('agent')?.tools).toEqual([])
  })

  it('fills in retry and time-out from the definition, and tries once what may run once', () => {
    const plan = planOf(
      graph('start -> tool -> a', { a: { type: 'http.request', params: { url: 'https://a.example' }, settings: { atMostOnce: true } } }),
    )
    expect(plan.nodes.get('tool')?.settings).toMatchObject({
      timeoutMs: 30_000,
      retry: { attempts: 3, backoff: 'exponential', delayMs: 1_000 },
    })
    expect(plan.nodes.get('a')?.settings.retry.attempts).toBe(1)
    expect(plan.nodes.get('start')?.settings.retry.attempts).toBe(1)
  })

  it('has a hash that changes with meaning and with nothing else', () => {
    const drawn = graph('start -> agent -> b; tool => agent')
    const change = (name: string, more: object): Graph => ({
      ...drawn,
      nodes: drawn.nodes.map((node) => (node.id === name ? { ...node, ...more } : node)),
    })
    const hash = planOf(drawn).hash
    expect(planOf(change('b', { position: { x: 9, y: 9 }, title: 'Other' })).hash).toBe(hash)
    const changedTool = planOf(change('tool', { params: { url: 'https://other.example' } }))
    expect(changedTool.hash).not.toBe(hash)
    expect(changedTool.nodes.get('agent')?.hash).not.toBe(planOf(drawn).nodes.get('agent')?.hash)
    expect(changedTool.nodes.get('b')?.hash).toBe(planOf(drawn).nodes.get('b')?.hash)
  })

  it('can be made for a part of a draft whose rest is not finished', () => {
    const drawn = graph('start -> a -> b', { b: { type: 'http.request', params: {} }, a: withFields('{{ steps.$start.x }}') })
    expect(compile(drawn).ok).toBe(false)
    const plan = planOf(drawn, { only: new Set(['a']) })
    expect(plan.order).toEqual(['a'])
    expect(compile(drawn, catalogue, { only: new Set(['a', 'b']) }).ok).toBe(false)
  })
})
