import type { z } from 'zod'
import type { Graph, Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { FieldHint } from '@/workflows/nodes/define'
import type { blank } from './contract'

type Blank = z.infer<typeof blank>

/** What people will want to make theirs: where requests go, and what models are told. `key` is node id and parameter. */
export function blanksOf(graph: Graph): Blank[] {
  return graph.nodes.flatMap((node) => {
    const form: Record<string, FieldHint> = catalogue.get(node.type)?.form ?? {}
    return Object.entries(form).flatMap(([param, hint]): Blank[] => {
      const value = node.params[param]
      if (typeof value !== 'string' || value === '' || !(param === 'url' || param === 'instructions')) return []
      return [
        {
          key: `${node.id}.${param}`,
          nodeId: node.id,
          nodeTitle: node.title,
          pointer: `/params/${param}`,
          label: hint.label,
          value,
          help: hint.help ?? null,
        },
      ]
    })
  })
}

/** The graph with blanks filled in; a key that is no blank is left out. */
export function fillBlanks(graph: Graph, values: Readonly<Record<string, string>>): Graph {
  const known = new Map(blanksOf(graph).map((one) => [one.key, one]))
  const wanted = new Map(Object.entries(values).filter(([key]) => known.has(key)))
  return {
    ...graph,
    nodes: graph.nodes.map((node) => {
      const params: Record<string, Json> = { ...node.params }
      for (const [key, value] of wanted) if (key.startsWith(`${node.id}.`)) params[key.slice(node.id.length + 1)] = value
      return { ...node, params }
    }),
  }
}
