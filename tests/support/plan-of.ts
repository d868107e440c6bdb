import { compile } from '@/workflows/graph/compile'
import type { Graph, GraphNode, Json } from '@/workflows/graph/schema'
import { graphSchema } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { Plan } from '@/workflows/runtime/types'

export interface NodeSketch {
  type: string
  params?: Record<string, Json>
  settings?: Record<string, unknown>
  title?: string
  /** The container it stands in. */
  parent?: string
}

/**
 * A graph from a drawing: `start -> fetch -> check; check.true -> done; lookup => agent` (`=>` leads to the tools port; from a container's
 * own port, `attempt.catch -> handle` leads to a node inside it). Node ids
 * are the names padded with `_`, so `idOf('fetch')` and `{{ steps.$fetch___ }}` name one.
 */
export function graphOf(drawing: string, sketches: Record<string, NodeSketch>): Graph {
  const edges: Graph['edges'] = []
  for (const chain of drawing
    .split(/[;\n]/)
    .map((text) => text.trim())
    .filter(Boolean)) {
    const isTool = chain.includes('=>')
    const parts = chain.split(isTool ? '=>' : '->').map((part) => part.trim())
    for (let index = 0; index + 1 < parts.length; index++) {
      const [from, fromPort] = (parts[index] as string).split('.')
      const [to] = (parts[index + 1] as string).split('.')
      edges.push({
        id: `edge${edges.length}xxx`,
        from: idOf(from as string),
        fromPort: isTool ? 'tool' : (fromPort ?? firstPortOf(sketches[from as string])),
        to: idOf(to as string),
        toPort: isTool ? 'tools' : 'main',
      })
    }
  }
  const nodes = Object.entries(sketches).map(([key, sketch], index) => ({
    id: idOf(key),
    key,
    title: sketch.title ?? key,
    type: sketch.type,
    version: 1,
    params: sketch.params ?? {},
    settings: { onError: 'fail', atMostOnce: false, disabled: false, note: '', ...sketch.settings } as GraphNode['settings'],
    position: { x: index * 200, y: 0 },
    ...(sketch.parent ? { parent: idOf(sketch.parent) } : {}),
  }))
  return graphSchema.parse({ schema: 1, nodes, edges })
}

function firstPortOf(sketch: NodeSketch | undefined): string {
  const out = sketch && catalogue.get(sketch.type)?.ports.out
  return (Array.isArray(out) ? out[0] : undefined) ?? 'main'
}

export function idOf(key: string): string {
  return key.padEnd(8, '_')
}

export function planOf(drawing: string, sketches: Record<string, NodeSketch>): Plan {
  return compiled(graphOf(drawing, sketches))
}

export function compiled(graph: Graph): Plan {
  const result = compile(graph)
  if (!result.ok) throw new Error(`the test's graph is wrong: ${JSON.stringify(result.problems, null, 1)}`)
  return result.plan
}
