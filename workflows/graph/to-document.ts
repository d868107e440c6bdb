import { z } from 'zod'
import { limits } from '../limits'
import { catalogue as wholeCatalogue } from '../nodes/catalogue'
import type { FieldHint } from '../nodes/define'
import type { Catalogue } from './catalogue'
import { mapTexts, toShown } from './expressions'
import { mapSettings } from './inspect-params'
import type { Graph, Json } from './schema'

/** A workflow as a file: readable step names instead of ids in expressions, no secrets, no ids of this instance, no webhook tokens. */
export const documentSchema = z.strictObject({
  millrace: z.literal(1),
  name: z.string().trim().min(1).max(limits.nameLength),
  description: z.string().max(limits.descriptionLength).default(''),
  graph: z.unknown(),
  /** What the credentials it names are, by the name that stands in the graph. */
  credentials: z
    .record(z.string().max(limits.nameLength), z.strictObject({ type: z.string().max(80), name: z.string().max(limits.nameLength) }))
    .default({}),
})

export interface WorkflowDocument {
  millrace: 1
  name: string
  description: string
  graph: Graph
  credentials: Record<string, { type: string; name: string }>
}

/** Credentials are exported by name and type only: `credential_1` stands where an id stood. */
export function toDocument(
  workflow: { name: string; description: string; graph: Graph },
  credentials: ReadonlyMap<string, { type: string; name: string }> = new Map(),
  catalogue: Catalogue = wholeCatalogue,
): WorkflowDocument {
  const { graph } = workflow
  const named: WorkflowDocument['credentials'] = {}
  const aliases = new Map<string, string>()
  const aliasOf = (id: string, hint: FieldHint): string => {
    const known = aliases.get(id)
    if (known !== undefined) return known
    const alias = `credential_${aliases.size + 1}`
    aliases.set(id, alias)
    const credential = credentials.get(id)
    named[alias] = { type: credential?.type ?? hint.credentialTypes?.[0] ?? 'unknown', name: credential?.name ?? hint.label }
    return alias
  }
  const nodes = graph.nodes.map((node) => {
    const params: Record<string, Json> = {}
    const form: Record<string, FieldHint> = catalogue.get(node.type)?.form ?? {}
    for (const [param, value] of Object.entries(node.params)) {
      const hint = form[param]
      if (hint?.widget === 'people' || hint?.widget === 'workflow') continue
      if (hint?.widget === 'credential') {
        if (typeof value === 'string' && value !== '') params[param] = aliasOf(value, hint)
        continue
      }
      params[param] = hint?.literal ? value : mapTexts(value, (text) => toShown(text, graph))
    }
    return { ...node, params, settings: mapSettings(node.settings, (text) => toShown(text, graph)) }
  })
  return {
    millrace: 1,
    name: workflow.name,
    description: workflow.description,
    graph: { schema: 1, nodes, edges: graph.edges.map((edge) => ({ ...edge })), ...withoutIds(graph.settings) },
    credentials: named,
  }
}

/** Another instance has other workflows and people. */
function withoutIds(settings: Graph['settings']): { settings?: NonNullable<Graph['settings']> } {
  const { errorWorkflow: _workflow, owner: _person, ...kept } = settings ?? {}
  return Object.keys(kept).length > 0 ? { settings: kept } : {}
}
