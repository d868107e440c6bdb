import { expect, it } from 'vitest'
import { graphOf, idOf } from '@/tests/support/plan-of'
import type { Graph } from '@/workflows/graph/schema'
import { viewsOf } from './views-of'

const inside = { parent: idOf('try'), position: { x: 24, y: 64 } }
const around = (edges: string): Graph => {
  const graph = graphOf(edges, { try: { type: 'flow.try' }, call: { type: 'http.request' }, mend: { type: 'data.set' } })
  const placed: Record<string, object> = {
    [idOf('call')]: inside,
    [idOf('mend')]: { parent: idOf('try'), position: { x: 24, y: 180 } },
  }
  return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, ...placed[node.id] })) }
}

it('keeps the names of ports that lead nowhere yet below the steps inside', () => {
  for (const edges of ['', 'try.catch -> mend']) {
    const graph = around(edges)
    const frame = viewsOf(graph).get(idOf('try'))
    const open = frame?.frame?.inner.filter(({ connected }) => !connected) ?? []
    expect(open).toHaveLength(edges === '' ? 2 : 1)
    for (const { y } of open) {
      expect(y - 10).toBeGreaterThan(180 + 56)
      expect(y + 10).toBeLessThanOrEqual(frame?.height ?? 0)
    }
  }
})
