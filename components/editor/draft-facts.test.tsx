// @vitest-environment jsdom
import { renderHook } from '@testing-library/react'
import { expect, it } from 'vitest'
import { drawGraph, step } from '@/workflows/templates/draw-graph'
import { useShownResults } from './draft-facts'
import type { DraftResult } from './editor-context'

it('gives the same results after each key that changes nothing about them', () => {
  const graph = drawGraph(
    [step('start', 'trigger.manual', 'Start', [0, 0]), step('fetch', 'http.request', 'Fetch', [1, 0])],
    ['start -> fetch'],
  )
  const [start] = graph.nodes
  const rows = [
    { nodeId: start?.id, status: 'succeeded', port: 'main', pinned: true, basis: null, stale: false, at: new Date(0), output: {} },
  ] as unknown as DraftResult[]
  const { result, rerender } = renderHook(({ now }) => useShownResults(rows, now), { initialProps: { now: graph } })
  const before = result.current
  for (const url of ['h', 'ht', 'htt']) {
    rerender({ now: { ...graph, nodes: graph.nodes.map((node) => (node === start ? node : { ...node, params: { url } })) } })
    expect(result.current).toBe(before)
  }
})
