import type { Graph } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { FieldHint } from '@/workflows/nodes/define'

export interface CredentialUse {
  nodeId: string
  param: string
  credentialId: string
}

/** Where a graph names credentials: only typed fields can. */
export function credentialUses(graph: Graph): CredentialUse[] {
  return graph.nodes.flatMap((node) => {
    const form: Record<string, FieldHint> = catalogue.get(node.type)?.form ?? {}
    return Object.entries(form).flatMap(([param, hint]) => {
      const value = node.params[param]
      return hint.widget === 'credential' && typeof value === 'string' && value !== ''
        ? [{ nodeId: node.id, param, credentialId: value }]
        : []
    })
  })
}
