import { describe, expect, it } from 'vitest'
import { graph } from '@/workflows/graph/test-graph'
import { edgeAt, farPath } from './far-path'
import { viewsOf } from './views-of'

const drawn = graph('a -> b; a -> c', { a: {}, b: { position: { x: 500, y: 0 } }, c: { position: { x: 500, y: 300 } } })
const views = viewsOf(drawn)

describe('an edge seen from afar', () => {
  it('runs straight, with square bends', () => {
    const [, edge] = drawn.edges
    const [source, target] = [views.get('a'), views.get('c')]
    if (!edge || !source || !target) throw new Error('the graph was drawn otherwise')
    expect(farPath(edge, { x: 0, y: 0 }, source, { x: 500, y: 300 }, target)).toBe('M208 28H234V328H500')
  })

  it('is found by a point near it, the nearer one first', () => {
    expect(edgeAt(drawn, views, { x: 400, y: 33 }, 10)).toBe('a_main_b')
    expect(edgeAt(drawn, views, { x: 236, y: 200 }, 10)).toBe('a_main_c')
    expect(edgeAt(drawn, views, { x: 400, y: 180 }, 10)).toBeNull()
  })
})
