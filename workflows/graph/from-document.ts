import { limits } from '../limits'
import { catalogue as wholeCatalogue } from '../nodes/catalogue'
import type { FieldHint } from '../nodes/define'
import type { Catalogue } from './catalogue'
import { mapTexts, toShown, toStored } from './expressions'
import { escapePointer, findBadJson } from './find-bad-json'
import { literalParams, mapSettings } from './inspect-params'
import { issueSentence } from './issue-sentence'
import { parseGraph } from './parse-graph'
import type { Graph, GraphNode, Json, Problem } from './schema'
import { documentSchema } from './to-document'
import { type Wants, wantsOf } from './wants-of'

export interface ImportedWorkflow {
  name: string
  description: string
  graph: Graph
  wants: Wants
}
export type ParsedDocument = { ok: true; workflow: ImportedWorkflow } | { ok: false; problems: Problem[] }

export interface ImportOptions {
  newId: () => string
  /** Credentials of this organization to put in place of the document's names; without one, the field stays empty. */
  credentials?: ReadonlyMap<string, string>
  catalogue?: Catalogue
}

/** A workflow from an exported document, checked as hostile input: taken whole with new ids, or refused whole with all its problems. */
export function fromDocument(input: unknown, { newId, credentials, catalogue = wholeCatalogue }: ImportOptions): ParsedDocument {
  const bad = findBadJson(input, '', limits.problems, limits.graphDepth + 1)
  if (bad.length > 0) return { ok: false, problems: bad.map((one) => ({ severity: 'error', ...one })) }
  const parsed = documentSchema.safeParse(input)
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, limits.problems).map(
      (issue): Problem => ({
        code: 'document.invalid',
        severity: 'error',
        pointer: issue.path.map((part) => `/${escapePointer(String(part))}`).join(''),
        message:
          issue.path[0] === 'millrace' || issue.path.length === 0
            ? `This is not an exported workflow. ${issueSentence(issue)}`
            : `“${issue.path.map(String).join('.')}” cannot be read. ${issueSentence(issue)}`,
      }),
    )
    return { ok: false, problems }
  }
  const { name, description, credentials: named } = parsed.data
  const graph = parseGraph(parsed.data.graph, catalogue)
  if (!graph.ok) {
    return { ok: false, problems: graph.problems.map((problem) => ({ ...problem, pointer: `/graph${problem.pointer ?? ''}` })) }
  }
  const wants = wantsOf(graph.graph, named, catalogue)
  const bound = bindCredentials(graph.graph, credentials ?? new Map(), catalogue)
  return { ok: true, workflow: { name, description, graph: withNewIds(bound, newId, catalogue), wants } }
}

/** The same graph under new ids for nodes and edges; expressions follow, whether they name steps by key or by id. */
export function withNewIds(graph: Graph, newId: () => string, catalogue: Catalogue = wholeCatalogue): Graph {
  const ids = new Map(graph.nodes.map((node) => [node.id, newId()]))
  const newOf = (id: string): string => ids.get(id) ?? id
  const named = { nodes: graph.nodes.map((node) => ({ id: newOf(node.id), key: node.key })) }
  const nodes = graph.nodes.map((node): GraphNode => {
    const { parent, group, ...rest } = node
    const change = (text: string) => toStored(toShown(text, graph), named)
    const params = mapParams(node, catalogue, change)
    return {
      ...rest,
      id: newOf(node.id),
      params,
      settings: mapSettings(node.settings, change),
      ...(parent === undefined ? {} : { parent: newOf(parent) }),
      ...(group === undefined ? {} : { group: newOf(group) }),
    }
  })
  const edges = graph.edges.map((edge) => ({ ...edge, id: newId(), from: newOf(edge.from), to: newOf(edge.to) }))
  return { ...graph, nodes, edges }
}

function bindCredentials(graph: Graph, credentials: ReadonlyMap<string, string>, catalogue: Catalogue): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => {
      const form: Record<string, FieldHint> = catalogue.get(node.type)?.form ?? {}
      const entries = Object.entries(node.params).flatMap(([param, value]): [string, Json][] => {
        if (form[param]?.widget === 'people' || form[param]?.widget === 'workflow') return []
        if (form[param]?.widget !== 'credential') return [[param, value]]
        const id = typeof value === 'string' ? credentials.get(value) : undefined
        return id === undefined ? [] : [[param, id]]
      })
      return { ...node, params: Object.fromEntries(entries) }
    }),
  }
}

function mapParams(node: GraphNode, catalogue: Catalogue, change: (text: string) => string): GraphNode['params'] {
  const definition = catalogue.get(node.type)
  const literal = definition ? literalParams(definition) : []
  return Object.fromEntries(
    Object.entries(node.params).map(([param, value]) => [param, literal.includes(param) ? value : mapTexts(value, change)]),
  )
}
