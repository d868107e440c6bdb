import { describe, expect, it } from 'vitest'
import { diffGraphs } from './diff'
import { fromClipboard } from './from-clipboard'
import { fromDocument } from './from-document'
import { tidyLayout } from './layout'
import { applyOperation } from './operations'
import type { Graph } from './schema'
import { graph } from './test-graph'
import { toClipboard } from './to-clipboard'
import { toDocument } from './to-document'

const reading = { params: { fields: [{ name: 'x', value: 'Total {{ steps.$a.total }}' }] } }
const drawn = graph('start -> a -> agent -> b; tool => agent', {
  b: reading,
  tool: { params: { url: 'https://api.example.com/{{ input.id }}', credential: 'crd_secret1' } },
  agent: { params: { model: 'gpt-5-mini', credential: 'crd_model' } },
})

function counter(): () => string {
  let count = 0
  return () => `new_${String(++count).padStart(5, '0')}`
}

describe('export and import', () => {
  const credentials = new Map([['crd_secret1', { type: 'http.bearer', name: 'Shop' }]])
  const document = toDocument({ name: 'Orders', description: 'Takes orders', graph: drawn }, credentials)

  it('names steps by key and credentials by name and type, and holds no id of them', () => {
    const text = JSON.stringify(document)
    expect(text).toContain('Total {{ steps.a.total }}')
    expect(text).not.toContain('crd_')
    expect(document.credentials).toEqual({
      credential_1: { type: 'http.bearer', name: 'Shop' },
      credential_2: { type: 'model.openai', name: 'Provider' },
    })
  })

  it('takes settings along, and leaves the workflows of this instance behind', () => {
    const wf = `wf_${'0'.repeat(32)}`
    const called: Graph = {
      ...graph('start -> a', { a: { type: 'flow.sub_workflow', params: { workflow: wf, wait: false } } }),
      settings: { priority: 2, errorWorkflow: wf },
    }
    const sent = toDocument({ name: 'x', description: '', graph: called })
    expect(JSON.stringify(sent)).not.toContain('wf_')
    const back = fromDocument(JSON.parse(JSON.stringify(sent)), { newId: counter() })
    expect(back.ok && back.workflow.graph.settings).toEqual({ priority: 2 })
    expect(back.ok && back.workflow.graph.nodes.find((node) => node.type === 'flow.sub_workflow')?.params).toEqual({ wait: false })
  })

  it('comes back as the same workflow under new ids', () => {
    const parsed = fromDocument(JSON.parse(JSON.stringify(document)), {
      newId: counter(),
      credentials: new Map([
        ['credential_1', 'crd_secret1'],
        ['credential_2', 'crd_model'],
      ]),
    })
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    const { workflow } = parsed
    expect(workflow.name).toBe('Orders')
    expect(workflow.graph.nodes.every((node) => node.id.startsWith('new_'))).toBe(true)
    const keyed = (value: Graph) => toDocument({ name: 'Orders', description: 'Takes orders', graph: value }, credentials).graph
    const keys = (value: Graph) => value.nodes.map((node) => [node.key, node.params])
    expect(keys(keyed(workflow.graph))).toEqual(keys(document.graph))
    expect(workflow.graph.nodes.find((node) => node.key === 'b')?.params).toEqual({
      fields: [{ name: 'x', value: `Total {{ steps.$${workflow.graph.nodes.find((node) => node.key === 'a')?.id}.total }}` }],
    })
    expect(workflow.graph.edges).toHaveLength(drawn.edges.length)
  })

  it('says what it wants and binds no credential by itself', () => {
    const parsed = fromDocument(document, { newId: counter() })
    if (!parsed.ok) throw new Error('refused')
    expect(parsed.workflow.wants).toMatchObject({
      hosts: ['api.example.com'],
      credentials: [
        { type: 'http.bearer', name: 'Shop', nodeTitles: ['tool'] },
        { type: 'model.openai', name: 'Provider', nodeTitles: ['agent'] },
      ],
      models: ['gpt-5-mini'],
    })
    expect(JSON.stringify(parsed.workflow.graph)).not.toContain('credential_')
  })

  it.each([
    ['text', 'hello', ['document.invalid ']],
    ['another format', { ...document, millrace: 2 }, ['document.invalid /millrace']],
    ['a foreign field', { ...document, token: 'x' }, ['document.invalid ']],
    ['a broken graph', { ...document, graph: graph('a -> b -> a') }, ['edge.cycle /graph/edges/0']],
    ['reserved names', JSON.parse('{"millrace":1,"name":"x","graph":{"__proto__":{}}}'), ['json.forbidden_key /graph/__proto__']],
  ])('refuses %s whole', (_what, input, expected) => {
    const parsed = fromDocument(input, { newId: counter() })
    expect(parsed.ok ? [] : parsed.problems.map((problem) => `${problem.code} ${problem.pointer}`)).toEqual(expected)
  })
})

describe('the clipboard', () => {
  it('pastes under new ids at the place that was meant, expressions following', () => {
    const pasted = fromClipboard(toClipboard(drawn, ['a', 'b']), { x: 1_000, y: 500 }, counter())
    if (!pasted.ok) throw new Error(pasted.problem.message)
    const { nodes } = pasted.value
    expect(nodes.map((node) => node.key)).toEqual(['b', 'a'])
    expect(Math.min(...nodes.map((node) => node.position.x))).toBe(1_000)
    expect(JSON.stringify(nodes)).toContain(`steps.$${nodes.find((node) => node.key === 'a')?.id}.total`)
    const result = applyOperation(drawn, pasted.value)
    expect(result.ok && result.value.nodes.slice(-2).map((node) => node.key)).toEqual(['b_2', 'a_2'])
  })

  it('says so where it holds something else, and never what is unsafe', () => {
    for (const text of ['hello', '{}', '[]', '{"graph":1}']) {
      expect(fromClipboard(text, { x: 0, y: 0 }, counter())).toMatchObject({ ok: false, problem: { code: 'clipboard.not_nodes' } })
    }
    const hostile = '{"graph":{"schema":1,"edges":[],"nodes":[{"__proto__":{}}]}}'
    expect(fromClipboard(hostile, { x: 0, y: 0 }, counter())).toMatchObject({ ok: false, problem: { code: 'json.forbidden_key' } })
  })
})

describe('comparing two graphs', () => {
  it('finds nothing between a graph and itself or its copy', () => {
    expect(diffGraphs(drawn, drawn)).toEqual({
      same: true,
      summary: 'Nothing changed.',
      nodes: { added: [], removed: [], changed: [], moved: [] },
      edges: { added: [], removed: [] },
      settings: [],
    })
    expect(diffGraphs(drawn, structuredClone(drawn)).same).toBe(true)
  })

  it('finds what changed in the settings of the workflow', () => {
    const after: Graph = { ...drawn, settings: { maxDurationMs: 60_000 } }
    expect(diffGraphs(drawn, after)).toMatchObject({
      same: false,
      summary: '1 setting changed.',
      settings: [{ pointer: '/settings/maxDurationMs', label: 'Longest duration in ms', before: null, after: '60000' }],
    })
  })

  it('names changed fields as the form does, with step names instead of ids', () => {
    const after: Graph = {
      ...drawn,
      nodes: [
        ...drawn.nodes
          .filter((node) => node.id !== 'tool')
          .map((node) => {
            if (node.id === 'b') return { ...node, params: { fields: [{ name: 'x', value: '{{ steps.$agent.answer }}' }] } }
            return node.id === 'a' ? { ...node, position: { x: 9, y: 9 }, settings: { ...node.settings, disabled: true } } : node
          }),
        ...graph('c').nodes,
      ],
      edges: drawn.edges.filter((edge) => edge.from !== 'tool'),
    }
    const diff = diffGraphs(drawn, after)
    expect(diff.summary).toBe('1 node added, 1 removed, 2 changed, 1 moved, 1 connection removed.')
    expect(diff.nodes.changed.map((node) => [node.key, node.fields.map((field) => field.label)])).toEqual([
      ['b', ['Fields']],
      ['a', ['Switched off']],
    ])
    expect(diff.nodes.changed[0]?.fields[0]?.after).toContain('steps.agent.answer')
    expect(diff.edges.removed.map((edge) => edge.words)).toEqual(['tool as a tool of agent'])
  })
})

describe('tidying', () => {
  it('puts each node to the right of what it follows, the same way each time, and rests there', async () => {
    const move = await tidyLayout(drawn)
    if (!move) throw new Error('nothing moved')
    expect(await tidyLayout(drawn)).toEqual(move)
    const tidied = applyOperation(drawn, move)
    if (!tidied.ok) throw new Error('refused')
    const place = (id: string) => tidied.value.nodes.find((node) => node.id === id)?.position ?? { x: 0, y: 0 }
    expect(['start', 'a', 'agent', 'b'].map((id) => place(id).x)).toEqual(
      [...['start', 'a', 'agent', 'b'].map((id) => place(id).x)].sort((x, y) => x - y),
    )
    expect(place('tool').y).toBeGreaterThan(place('agent').y)
    expect(await tidyLayout(tidied.value)).toBeNull()
  })
})
