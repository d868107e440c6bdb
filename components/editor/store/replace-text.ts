import { mapTexts, toShown, toStored } from '@/workflows/graph/expressions'
import { literalParams } from '@/workflows/graph/inspect-params'
import type { OperationOf } from '@/workflows/graph/operations'
import type { Graph, Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { FieldHint } from '@/workflows/nodes/define'

/**
 * The edits that put one text in place of another in all fields that are written, whatever its capitals; where steps are named, as they are
 * shown. What is chosen from a list, and what is locked, stays.
 */
export function replaceText(graph: Graph, text: string, by: string): OperationOf<'setParam'>[] {
  if (text.trim() === '') return []
  const wanted = new RegExp(text.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi')
  return graph.nodes.flatMap((node) => {
    const definition = catalogue.get(node.type)
    if (!definition || node.locked) return []
    const form = definition.form as Record<string, FieldHint | undefined>
    const literal = literalParams(definition)
    return Object.entries(node.params).flatMap(([param, before]): OperationOf<'setParam'>[] => {
      if (form[param]?.options) return []
      const change = (own: string) =>
        literal.includes(param)
          ? own.replace(wanted, () => by)
          : toStored(
              toShown(own, graph).replace(wanted, () => by),
              graph,
            )
      const after: Json = mapTexts(before, (own) => (toShown(own, graph).search(wanted) === -1 ? own : change(own)))
      return after === before ? [] : [{ kind: 'setParam', nodeId: node.id, path: [param], before, after }]
    })
  })
}
