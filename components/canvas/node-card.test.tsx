// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import { ReactFlowProvider } from '@xyflow/react'
import { NextIntlClientProvider } from 'next-intl'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import messages from '@/messages/en/editor.json'
import type { Graph, GraphNode } from '@/workflows/graph/schema'
import { NodeCard } from './node-card'
import type { NodePaint } from './node-paint'
import { viewsOf } from './views-of'

beforeAll(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  )
})
afterEach(cleanup)

describe('NodeCard', () => {
  it('says what the node is and the one parameter that tells it apart', () => {
    show(graphOf([node('fetch001', 'http.request', 'Fetch customer', { url: 'https://a.example/customers/{{ input.id }}' })]))
    expect(screen.getByText('Fetch customer')).toBeTruthy()
    expect(screen.getByText('GET /customers/{id}')).toBeTruthy()
  })

  it('offers a way in and a way out to whoever cannot see the dots', () => {
    show(graphOf([node('fetch001', 'http.request', 'Fetch customer')]))
    expect(screen.getByLabelText('Way into Fetch customer')).toBeTruthy()
    expect(screen.getByLabelText('Way out of Fetch customer: goes on')).toBeTruthy()
  })

  it('gives each of several ways out a row of its own', () => {
    show(graphOf([node('limit001', 'flow.if', 'Within limit?')]))
    expect(screen.getByText('true')).toBeTruthy()
    expect(screen.getByText('false')).toBeTruthy()
  })

  it('adds the way out by error where the settings ask for it', () => {
    const failing = node('fetch001', 'http.request', 'Fetch')
    show(graphOf([{ ...failing, settings: { ...failing.settings, onError: 'port' } }]))
    expect(screen.getByText('on error')).toBeTruthy()
  })

  it('has no way in on a trigger', () => {
    show(graphOf([node('start001', 'trigger.webhook', 'New order')]))
    expect(screen.queryByLabelText('Way into New order')).toBeNull()
    expect(card().dataset.shape).toBe('trigger')
  })

  it('says that a node that is off passes its input on', () => {
    const off = node('fetch001', 'http.request', 'Fetch')
    show(graphOf([{ ...off, settings: { ...off.settings, disabled: true } }]))
    expect(screen.getByText('passes its input on')).toBeTruthy()
    expect(card().dataset.disabled).toBe('true')
  })

  it('hangs a node below its agent as a tool, without ways of its own', () => {
    const graph = graphOf([node('tool0001', 'http.request', 'Credit bureau'), node('agent001', 'ai.agent', 'Assess')])
    graph.edges.push({ id: 'edge0001', from: 'tool0001', fromPort: 'tool', to: 'agent001', toPort: 'tools' })
    show(graph)
    expect(card().dataset.shape).toBe('tool')
    expect(screen.queryByLabelText(/Way out of/)).toBeNull()
  })

  it.each([
    ['running', { status: 'running', line: '1.2 s' }, 'Running'],
    ['succeeded', { status: 'succeeded', line: '184 ms' }, 'Succeeded'],
    ['failed', { status: 'failed', line: 'answered 404' }, 'Failed'],
    ['waiting', { status: 'waiting', line: 'Finance, 4 min' }, 'Waiting'],
  ] satisfies [string, NodePaint, string][])('shows %s as a border, a word for the icon and a second line', (status, paint, word) => {
    show(graphOf([node('fetch001', 'http.request', 'Fetch')]), paint)
    expect(card().dataset.status).toBe(status)
    expect(screen.getByLabelText(word)).toBeTruthy()
    expect(screen.getByText(paint.line ?? '')).toBeTruthy()
  })

  it('says since when it waits, and until when where that is known', () => {
    const graph = graphOf([node('ask00001', 'people.approval', 'Ask')])
    const since = new Date(Date.now() - 4 * 60_000)
    show(graph, { status: 'waiting', since })
    expect(screen.getByText(/^waiting for 4/)).toBeTruthy()
    cleanup()
    const clock = (at: Date) => at.toISOString().slice(11, 16)
    const until = new Date(Date.now() + 2 * 3_600_000)
    show(graph, { status: 'waiting', since, until })
    expect(screen.getByText(`${clock(since)} to ${clock(until)}`)).toBeTruthy()
    cleanup()
    show(graph, { status: 'waiting', since, until: new Date('2030-01-02T03:04:00Z') })
    expect(screen.getByText(`${clock(since)} to 2 Jan`)).toBeTruthy()
  })

  it('counts down to the next try', () => {
    show(graphOf([node('fetch001', 'http.request', 'Fetch')]), {
      status: 'retrying',
      retry: { at: new Date(Date.now() + 23_500), attempt: 4, of: 5 },
    })
    expect(screen.getByText(/^try 4 of 5 in 2[34] s$/)).toBeTruthy()
  })

  it('says where a run did not come', () => {
    show(graphOf([node('fetch001', 'http.request', 'Fetch')]), { status: 'idle' })
    expect(screen.getByText('not reached')).toBeTruthy()
  })

  it('flags problems, pinned and stale data in words', () => {
    show(graphOf([node('fetch001', 'http.request', 'Fetch')]), { problems: 2, pinned: true })
    expect(screen.getByText('2 problems')).toBeTruthy()
    expect(screen.getByText('Pinned')).toBeTruthy()
    cleanup()
    show(graphOf([node('fetch001', 'http.request', 'Fetch')]), { stale: true })
    expect(screen.getByText('Stale')).toBeTruthy()
  })
})

function card() {
  return document.querySelector<HTMLElement>('.mr-node') as HTMLElement
}

function show(graph: Graph, paint?: NodePaint) {
  const [first] = viewsOf(graph).values()
  if (!first) throw new Error('The graph has no node')
  const props = { id: first.id, data: { view: first, paint }, selected: false } as unknown as Parameters<typeof NodeCard>[0]
  render(
    <NextIntlClientProvider locale="en" messages={{ editor: messages }} timeZone="UTC">
      <ReactFlowProvider>
        <NodeCard {...props} />
      </ReactFlowProvider>
    </NextIntlClientProvider>,
  )
}

function graphOf(nodes: GraphNode[]): Graph {
  return { schema: 1, nodes, edges: [] }
}

function node(id: string, type: string, title: string, params: GraphNode['params'] = {}): GraphNode {
  const settings = { onError: 'fail' as const, atMostOnce: false, disabled: false, note: '' }
  return { id, key: id, title, type, version: 1, params, settings, position: { x: 0, y: 0 } }
}
