import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tidyLayout } from './layout'
import { applyOperation } from './operations'
import type { Graph } from './schema'
import { graph } from './test-graph'

/** A graph without loops, its nodes scattered. */
const scattered = fc
  .record({
    size: fc.integer({ min: 2, max: 14 }),
    ways: fc.array(fc.tuple(fc.nat(13), fc.nat(13)), { maxLength: 24 }),
    places: fc.array(fc.record({ x: fc.integer({ min: -50, max: 50 }), y: fc.integer({ min: -50, max: 50 }) }), {
      minLength: 14,
      maxLength: 14,
    }),
  })
  .map(({ size, ways, places }): Graph => {
    const pairs = ways.map(([a, b]) => [a % size, b % size].sort((x, y) => x - y)).filter(([a, b]) => a !== b)
    const lines = [...new Set(pairs.map(([a, b]) => `n${a} -> n${b}`))]
    const drawn = graph(lines.join(';'), Object.fromEntries(Array.from({ length: size }, (_, index) => [`n${index}`, {}])))
    return {
      ...drawn,
      nodes: drawn.nodes.map((node, index) => {
        const place = places[index] ?? { x: 0, y: 0 }
        return { ...node, position: { x: place.x * 20, y: place.y * 20 } }
      }),
    }
  })

async function tidied(before: Graph, chosen?: ReadonlySet<string>): Promise<Graph> {
  const move = await tidyLayout(before, chosen)
  if (!move) return before
  const result = applyOperation(before, move)
  if (!result.ok) throw new Error(result.problem.message)
  return result.value
}

const shape = ({ nodes }: Graph) => {
  const left = Math.min(...nodes.map((node) => node.position.x))
  const top = Math.min(...nodes.map((node) => node.position.y))
  return nodes.map((node) => [node.position.x - left, node.position.y - top])
}

describe('tidy', () => {
  it('gives the same picture for the same graph, wherever its nodes stood', async () => {
    await fc.assert(
      fc.asyncProperty(scattered, fc.array(fc.nat(400), { minLength: 14, maxLength: 14 }), async (one, shifts) => {
        const linked = new Set(one.edges.flatMap((edge) => [edge.from, edge.to]))
        const whole = { ...one, nodes: one.nodes.filter((node) => linked.has(node.id)) }
        fc.pre(whole.nodes.length > 1)
        const moved = {
          ...whole,
          nodes: whole.nodes.map((node, index) => ({
            ...node,
            position: { x: node.position.x + 20 * (shifts[index] ?? 0), y: node.position.y },
          })),
        }
        expect(shape(await tidied(moved))).toEqual(shape(await tidied(whole)))
      }),
      { numRuns: 40 },
    )
  })

  it('rests once it is tidy', async () => {
    await fc.assert(
      fc.asyncProperty(scattered, async (one) => {
        expect(await tidyLayout(await tidied(one))).toBeNull()
      }),
      { numRuns: 40 },
    )
  })

  it('keeps what is not chosen where it is', async () => {
    await fc.assert(
      fc.asyncProperty(scattered, fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }), async (one, picks) => {
        const chosen = new Set(one.nodes.filter((_, index) => picks[index]).map((node) => node.id))
        const after = await tidied(one, chosen)
        for (const [index, node] of one.nodes.entries())
          if (!chosen.has(node.id)) expect(after.nodes[index]?.position).toEqual(node.position)
      }),
      { numRuns: 40 },
    )
  })
})
