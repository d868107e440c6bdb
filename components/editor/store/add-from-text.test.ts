import { describe, expect, it, vi } from 'vitest'
import { emptyGraph } from '@/workflows/graph/schema'
import { httpRequest } from '@/workflows/nodes/http-request/definition'
import { addFromText, addRequests, setFromCurl } from './add-from-text'
import { createEditor, type DraftTransport } from './create-editor'
import { mayHoldNodes } from './may-hold'

function openEditor() {
  let next = 0
  const transport: DraftTransport = {
    apply: () => new Promise(() => {}),
    since: async () => ({ operations: [] }),
    reload: async () => ({ graph: emptyGraph, revision: 0 }),
    isFinal: () => false,
  }
  return createEditor({
    workflowId: 'wf_1',
    clientId: 'client_1',
    confirmed: { graph: emptyGraph, revision: 0 },
    transport,
    storage: null,
    notify: vi.fn(),
    newId: () => `made_${next++}`,
    later: () => () => {},
  })
}

/** The middle of a card at the origin. */
const at = { x: 104, y: 28 }
const yaml = `openapi: 3.0.3
info: { title: Shop }
servers:
  - url: https://shop.example
paths:
  /orders:
    get:
      summary: List orders
    post:
      summary: Create an order
`

describe('nodes from what is dropped or pasted', () => {
  it('are a CSV node for a file with rows, named after it', async () => {
    const editor = openEditor()
    const made = await addFromText(editor, 'sku,amount\nOAK-1,3', at, { file: { name: 'orders.csv', bytes: 18 } })
    expect(made).toMatchObject({ kind: 'request', ids: ['made_0'] })
    expect(editor.getState().graph.nodes[0]).toMatchObject({ type: 'data.csv', title: 'orders', key: 'orders' })
  })

  it('are a CSV node for cells that were copied', async () => {
    const editor = openEditor()
    expect(mayHoldNodes('sku\tamount\nOAK-1\t3')).toBe(true)
    await addFromText(editor, 'sku\tamount\nOAK-1\t3', at)
    expect(editor.getState().graph.nodes[0]?.type).toBe('data.csv')
  })

  it('are none of n8n, and say so', async () => {
    const editor = openEditor()
    const copied = {
      nodes: [{ name: 'Edit', type: 'n8n-nodes-base.set', typeVersion: 3.4, position: [0, 0], parameters: {} }],
      connections: {},
    }
    expect(await addFromText(editor, JSON.stringify(copied), at)).toMatchObject({
      kind: 'problem',
      message: expect.stringContaining('n8n'),
    })
    expect(editor.getState().graph.nodes).toEqual([])
  })

  it('say what of them is not known here', async () => {
    const made = await addFromText(
      openEditor(),
      '{"schema":1,"nodes":[{"id":"abcdefgh","key":"fax","type":"fax.send","version":1,"title":"Fax","position":{"x":0,"y":0},"params":{},"settings":{}}],"edges":[]}',
      at,
    )
    expect(made).toMatchObject({ kind: 'problem', message: expect.stringContaining('fax.send') })
  })

  it('are the operations of an API to choose from, in YAML as in JSON', async () => {
    const editor = openEditor()
    const made = await addFromText(editor, yaml, at, { file: { name: 'shop.yaml', bytes: yaml.length } })
    if (made.kind !== 'operations') throw new Error(made.kind)
    expect(made.operations.map((one) => one.id)).toEqual(['GET /orders', 'POST /orders'])
    const json = await addFromText(editor, '{"swagger":"2.0","paths":{"/a":{"get":{}}}}', at)
    expect(json).toMatchObject({ kind: 'operations', name: 'API' })
    expect(addRequests(editor, made.operations, at, 'Added 2 requests')).toHaveLength(2)
    expect(editor.getState().graph.nodes.map((node) => [node.title, node.params.url])).toEqual([
      ['List orders', 'https://shop.example/orders'],
      ['Create an order', 'https://shop.example/orders'],
    ])
    editor.undo()
    expect(editor.getState().graph.nodes).toEqual([])
  })

  it('set a request that is there, which keeps its name and its credential, in one step of undo', async () => {
    const editor = openEditor()
    const [id] = ((await addFromText(editor, 'curl https://old.example/a?x=1 -d a=1', at)) as { ids: string[] }).ids as [string]
    editor.perform({ kind: 'setParam', nodeId: id, path: ['credential'], after: 'cred_1' })
    const { fromCurl } = httpRequest
    const command = "curl -X PUT https://new.example/b -H 'Authorization: Bearer secret' --json '{\"n\":1}'"
    expect(await setFromCurl(editor, id, fromCurl ?? [], command)).toEqual({ kind: 'request', ids: [id], left: ['authorization'] })
    const [node] = editor.getState().graph.nodes
    expect(node?.params).toMatchObject({
      method: 'PUT',
      url: 'https://new.example/b',
      bodyMode: 'json',
      bodyJson: { n: 1 },
      credential: 'cred_1',
    })
    expect(node?.params).not.toHaveProperty('query')
    expect(node?.params).not.toHaveProperty('bodyFields')
    expect(node?.title).toBe('POST a')
    editor.undo()
    expect(editor.getState().graph.nodes[0]?.params).toMatchObject({ method: 'POST', url: 'https://old.example/a' })
    expect(await setFromCurl(editor, id, fromCurl ?? [], "curl 'https://x")).toMatchObject({ kind: 'problem' })
  })

  it('go behind the one step that is chosen, connected, in one step of undo', async () => {
    const editor = openEditor()
    const paste = async (command: string, chosen: string[] = []) =>
      ((await addFromText(editor, command, at, { chosen: new Set(chosen) })) as { ids: string[] }).ids[0] as string
    const first = await paste('curl https://a.example/one')
    const second = await paste('curl https://a.example/two', [first])
    const { graph } = editor.getState()
    expect(graph.edges).toMatchObject([{ from: first, fromPort: 'main', to: second, toPort: 'main' }])
    expect(graph.nodes[1]?.position).toEqual({ x: 260, y: 0 })
    editor.undo()
    expect(editor.getState().graph).toMatchObject({ nodes: [{ id: first }], edges: [] })
  })

  it('stand free where several steps are chosen, or the way on of the one leads somewhere', async () => {
    const editor = openEditor()
    const paste = async (chosen: string[]) =>
      ((await addFromText(editor, 'curl https://a.example', at, { chosen: new Set(chosen) })) as { ids: string[] }).ids[0] as string
    const first = await paste([])
    const second = await paste([first])
    await paste([first])
    await paste([first, second])
    expect(editor.getState().graph.edges).toHaveLength(1)
  })

  it('are none where the text is none of these, however it looks', async () => {
    const editor = openEditor()
    for (const text of ['just text', 'openapi: [', '{"openapi":', 'a: &a [*a]\nopenapi: 3'])
      expect(await addFromText(editor, text, at)).toEqual({ kind: 'nothing' })
    expect(await addFromText(editor, 'a,b', at, { file: { name: 'x.csv', bytes: 40_000_000 } })).toMatchObject({ kind: 'problem' })
    expect(mayHoldNodes('Hello, world')).toBe(false)
  })
})
