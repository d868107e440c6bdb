// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { useStore } from 'zustand'
import { renderWithApi } from '@/tests/support/render-with-api'
import type { GraphNode } from '@/workflows/graph/schema'
import { graph } from '@/workflows/graph/test-graph'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { NodeDefinition } from '@/workflows/nodes/define'
import { EditorProvider, ProblemsProvider, type WorkflowDetails } from './editor-context'
import { KeepForm } from './keep-form'
import { createEditor } from './store/create-editor'
import { createUi } from './store/ui'

afterEach(cleanup)

function draw(type: string, settings: Partial<GraphNode['settings']> = {}) {
  const start = graph('a', { a: { type } })
  const [node] = start.nodes
  if (!node) throw new Error('there is no node')
  Object.assign(node.settings, settings)
  const editor = createEditor({
    workflowId: 'w',
    clientId: 'c',
    confirmed: { graph: start, revision: 0 },
    transport: {
      apply: async () => ({ revision: 0, results: [], missed: [] }),
      since: async () => ({ operations: [] }),
      reload: async () => ({ graph: start, revision: 0 }),
      isFinal: () => true,
    },
    storage: null,
    notify: () => {},
    newId: () => Math.random().toString(36).slice(2, 10),
    later: () => () => {},
  })
  function Held() {
    const now = useStore(editor, (state) => state.graph.nodes[0]) as GraphNode
    return <KeepForm node={now} definition={catalogue.get(type) as NodeDefinition} />
  }
  renderWithApi(
    <EditorProvider value={{ editor, ui: createUi(), workflow: { id: 'w' } as WorkflowDetails }}>
      <ProblemsProvider
        value={[{ code: 'x', severity: 'error', nodeId: node.id, pointer: '/settings/cache/key', message: 'The key says nothing.' }]}
      >
        <Held />
      </ProblemsProvider>
    </EditorProvider>,
  )
  return () => editor.getState().graph.nodes[0]?.settings
}

describe('what is kept of a step', () => {
  it('asks for a key and a time once its result is to be kept, and forgets both when it is not', () => {
    const settings = draw('http.request')
    const [keep] = screen.getAllByRole('switch')
    expect(screen.queryByPlaceholderText('{{ input.customerId }}')).toBeNull()
    fireEvent.click(keep as HTMLElement)
    expect(settings()?.cache).toEqual({ key: '', forMs: 3_600_000 })
    fireEvent.change(screen.getByPlaceholderText('{{ input.customerId }}'), { target: { value: '{{ input.id }}' } })
    expect(settings()?.cache?.key).toBe('{{ input.id }}')
    fireEvent.click(keep as HTMLElement)
    expect(settings()?.cache).toBeUndefined()
  })

  it('says at the key what is wrong with it', () => {
    draw('http.request', { cache: { key: '', forMs: 60_000 } })
    expect(screen.getByText('The key says nothing.')).toBeTruthy()
  })

  it('marks a step as sensitive, and no longer', () => {
    const settings = draw('http.request')
    const sensitive = screen.getAllByRole('switch').at(-1) as HTMLElement
    fireEvent.click(sensitive)
    expect(settings()?.sensitive).toBe(true)
    fireEvent.click(sensitive)
    expect(settings()?.sensitive).toBeUndefined()
  })

  it('does not offer to keep what would then not happen', () => {
    draw('flow.wait')
    expect((screen.getAllByRole('switch')[0] as HTMLButtonElement).disabled).toBe(true)
  })
})
