import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Arrangement, arrange, arrangements, type Placed } from './arrange'

const box = (id: string, x: number, y: number, width = 208, height = 56): Placed => ({ id, position: { x, y }, width, height })

function arranged(nodes: readonly Placed[], how: Arrangement): Placed[] {
  const moves = new Map(arrange(nodes, how).map((move) => [move.nodeId, move.after]))
  return nodes.map((node) => ({ ...node, position: moves.get(node.id) ?? node.position }))
}

describe('arranging nodes', () => {
  const nodes = [box('a', 0, 0), box('b', 100, 300, 160, 44), box('c', 400, 100)]

  it('aligns edges and middles', () => {
    expect(arranged(nodes, 'left').map((node) => node.position.x)).toEqual([0, 0, 0])
    expect(arranged(nodes, 'right').map((node) => node.position.x + node.width)).toEqual([608, 608, 608])
    expect(arranged(nodes, 'middle').map((node) => node.position.y + node.height / 2)).toEqual([172, 172, 172])
  })

  it('leaves the first and the last where they are and gives the others equal gaps', () => {
    const [a, b, c] = arranged(nodes, 'down')
    expect([a?.position.y, c?.position.y, b?.position.y]).toEqual([0, 150, 300])
  })

  it('moves nothing that stands so already, and changes only the one direction', () => {
    const placed = fc.record({ x: fc.integer({ min: -2000, max: 2000 }), y: fc.integer({ min: -2000, max: 2000 }) })
    fc.assert(
      fc.property(fc.array(placed, { minLength: 2, maxLength: 8 }), fc.constantFrom(...arrangements), (places, how) => {
        const all = places.map(({ x, y }, index) => box(`n${index}`, x, y))
        const once = arranged(all, how)
        const other = ['left', 'centre', 'right', 'across'].includes(how) ? 'y' : 'x'
        expect(once.map((node) => node.position[other])).toEqual(all.map((node) => node.position[other]))
        const twice = arranged(once, how)
        for (const [index, node] of twice.entries()) {
          expect(Math.abs(node.position.x - (once[index]?.position.x ?? 0))).toBeLessThanOrEqual(1)
          expect(Math.abs(node.position.y - (once[index]?.position.y ?? 0))).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})
