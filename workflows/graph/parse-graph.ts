import type { z } from 'zod'
import { limits } from '../limits'
import { catalogue as wholeCatalogue } from '../nodes/catalogue'
import { type Catalogue, definitionOf } from './catalogue'
import { escapePointer, findBadJson } from './find-bad-json'
import { findCycle } from './find-cycle'
import { issueSentence } from './issue-sentence'
import { migrateNode } from './migrate-node'
import { byteLength } from './operations/check-node'
import { hasParentLoop } from './operations/paste'
import { edgeSchema, type Graph, type GraphEdge, type GraphNode, nodeSchema, type Problem } from './schema'
import { workflowSettingsSchema } from './workflow-settings'

export type ParsedGraph = { ok: true; graph: Graph; migrated: string[] } | { ok: false; problems: Problem[] }

/**
 * A graph from anything: taken whole, with older nodes brought up to date, or refused whole with up to 200 problems. Pointers lead
 * into what was given (`/nodes/3/params/url`). Ports and parameters are `validate`'s concern: a draft may be half finished.
 */
export function parseGraph(input: unknown, catalogue: Catalogue = wholeCatalogue): ParsedGraph {
  const refused = refuseShape(input)
  if (refused.length > 0) return { ok: false, problems: refused }
  const raw = input as { nodes: unknown[]; edges: unknown[]; settings?: unknown }

  const problems: Problem[] = []
  const nodes: { node: GraphNode; at: number }[] = []
  const edges: { edge: GraphEdge; at: number }[] = []
  for (const [at, value] of raw.nodes.entries()) {
    const node = parsePart(nodeSchema, value, `/nodes/${at}`, `Node ${at + 1}`, problems)
    if (node) nodes.push({ node, at })
    if (problems.length >= limits.problems) return { ok: false, problems }
  }
  for (const [at, value] of raw.edges.entries()) {
    const edge = parsePart(edgeSchema, value, `/edges/${at}`, `Connection ${at + 1}`, problems)
    if (edge) edges.push({ edge, at })
    if (problems.length >= limits.problems) return { ok: false, problems }
  }
  const settings =
    raw.settings === undefined ? null : parsePart(workflowSettingsSchema, raw.settings, '/settings', 'The settings', problems)
  problems.push(...problemsOfNodes(nodes, catalogue), ...problemsOfEdges(edges, raw.nodes))
  if (problems.length === 0) problems.push(...problemsOfWhole(nodes, edges))
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, limits.problems) }

  const migrated: string[] = []
  const upToDate = nodes.map(({ node }) => {
    const next = migrateNode(node, catalogue) ?? node
    if (next !== node) migrated.push(node.id)
    return next
  })
  const graph: Graph = { schema: 1, nodes: upToDate, edges: edges.map(({ edge }) => edge) }
  return { ok: true, graph: settings && Object.keys(settings).length > 0 ? { ...graph, settings } : graph, migrated }
}

function refuseShape(input: unknown): Problem[] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return [problem('graph.invalid', '', 'This is not a workflow: an object with nodes and edges was expected.')]
  }
  const { schema, nodes, edges, settings: _settings, ...rest } = input as Record<string, unknown>
  const found = refuseCounts(nodes, edges)
  if (found.length > 0) return found
  // Everything below copies or stringifies, so depth and reserved names come first.
  const bad = findBadJson(input)
  if (bad.length > 0) return bad.map(({ code, pointer, message }) => problem(code, pointer, message))
  if (schema !== 1) {
    return [
      problem(
        'graph.schema',
        '/schema',
        'This workflow has a format that is not known here. Export it again from an instance of this version.',
      ),
    ]
  }
  for (const key of Object.keys(rest)) {
    const message = `“${key.slice(0, limits.nameLength)}” is not a part of a workflow. Remove it.`
    found.push(problem('graph.unknown_field', `/${escapePointer(key)}`, message))
  }
  if (found.length === 0 && graphBytes(input) > limits.graphBytes) {
    found.push(problem('graph.too_large', '', `A workflow holds at most ${limits.graphBytes / 1024 / 1024} MB. Split it in several.`))
  }
  return found.slice(0, limits.problems)
}

function refuseCounts(nodes: unknown, edges: unknown): Problem[] {
  const found: Problem[] = []
  if (!Array.isArray(nodes)) found.push(problem('graph.invalid', '/nodes', 'The nodes are missing: a list was expected.'))
  else if (nodes.length > limits.graphNodes) {
    found.push(problem('graph.too_many_nodes', '/nodes', `A workflow holds at most ${limits.graphNodes} nodes. Split it in several.`))
  }
  if (!Array.isArray(edges)) found.push(problem('graph.invalid', '/edges', 'The edges are missing: a list was expected.'))
  else if (edges.length > limits.graphEdges) {
    found.push(problem('graph.too_many_edges', '/edges', `A workflow holds at most ${limits.graphEdges} connections. Split it in several.`))
  }
  return found
}

/** Size of a graph as UTF-8 JSON, in bytes. */
export function graphBytes(graph: unknown): number {
  return new TextEncoder().encode(JSON.stringify(graph)).length
}

function parsePart<T>(schema: z.ZodType<T>, value: unknown, pointer: string, what: string, problems: Problem[]): T | null {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const id = idOf(value)
  for (const issue of result.error.issues) {
    const path = issue.path.map((part) => escapePointer(String(part)))
    const field = path.length > 0 ? `: “${issue.path.map(String).join('.')}”` : ''
    problems.push({
      ...problem('graph.invalid', [pointer, ...path].join('/'), `${what}${field} cannot be read. ${issueSentence(issue)}`),
      ...(id === null ? {} : schema === (nodeSchema as unknown) ? { nodeId: id } : { edgeId: id }),
    })
    if (problems.length >= limits.problems) break
  }
  return null
}

function problemsOfNodes(nodes: readonly { node: GraphNode; at: number }[], catalogue: Catalogue): Problem[] {
  const found: Problem[] = []
  const ids = new Set<string>()
  const keys = new Set<string>()
  for (const { node, at } of nodes) {
    const { id: nodeId } = node
    const add = (code: string, pointer: string, message: string) =>
      found.push({ ...problem(code, `/nodes/${at}${pointer}`, message), nodeId })
    if (ids.has(nodeId)) add('node.duplicate_id', '/id', `Two nodes have the id “${nodeId}”. Give one of them another.`)
    if (keys.has(node.key)) add('node.key_taken', '/key', `Two nodes are called “${node.key}”. Give one of them another key.`)
    ids.add(nodeId)
    keys.add(node.key)
    if (!definitionOf(node, catalogue)) {
      add(
        'node.unknown_type',
        '/type',
        `There is no node type “${node.type}” in version ${node.version} here, so “${node.title}” cannot be used.`,
      )
    } else if (!migrateNode(node, catalogue)) {
      add('node.migration', '/params', `“${node.title}” was made by an older version and could not be brought up to date. Make it anew.`)
    }
    const size = JSON.stringify(node)
    if (byteLength(size) > limits.nodeBytes)
      add('node.too_large', '', `A node holds at most ${limits.nodeBytes / 1024} KB. Shorten its texts.`)
  }
  for (const { node, at } of nodes) {
    if (node.parent === undefined || ids.has(node.parent)) continue
    found.push({
      ...problem('node.parent_missing', `/nodes/${at}/parent`, `“${node.title}” stands in a container that is not there.`),
      nodeId: node.id,
    })
  }
  return found
}

function problemsOfEdges(edges: readonly { edge: GraphEdge; at: number }[], rawNodes: readonly unknown[]): Problem[] {
  const found: Problem[] = []
  const nodeIds = new Set(rawNodes.map(idOf))
  const ids = new Set<string>()
  const ways = new Set<string>()
  for (const { edge, at } of edges) {
    const add = (code: string, pointer: string, message: string) =>
      found.push({ ...problem(code, `/edges/${at}${pointer}`, message), edgeId: edge.id })
    if (ids.has(edge.id)) add('edge.duplicate_id', '/id', `Two connections have the id “${edge.id}”. Give one of them another.`)
    ids.add(edge.id)
    for (const end of ['from', 'to'] as const) {
      if (!nodeIds.has(edge[end]))
        add('edge.end_missing', `/${end}`, `A connection leads to “${edge[end]}”, which is not there. Remove it.`)
    }
    const way = JSON.stringify([edge.from, edge.fromPort, edge.to, edge.toPort])
    if (ways.has(way)) add('edge.duplicate', '', 'Two connections join the same two ports. Remove one of them.')
    ways.add(way)
  }
  return found
}

function problemsOfWhole(nodes: readonly { node: GraphNode }[], edges: readonly { edge: GraphEdge; at: number }[]): Problem[] {
  const graph = { nodes: nodes.map(({ node }) => node), edges: edges.map(({ edge }) => edge) }
  const found: Problem[] = []
  if (hasParentLoop(graph.nodes)) found.push(problem('node.parent_cycle', '/nodes', 'A container stands inside itself.'))
  const cycle = findCycle(graph)
  if (!cycle) return found
  const at = edges.findIndex(({ edge }) => edge.from === cycle[0] && edge.to === (cycle[1] ?? cycle[0]))
  const titles = cycle.slice(0, 5).map((id) => `“${graph.nodes.find((node) => node.id === id)?.title ?? id}”`)
  found.push(problem('edge.cycle', `/edges/${at}`, `The connections form a loop: ${titles.join(' → ')}. Remove one of them.`))
  return found
}

function idOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null
  return typeof value.id === 'string' ? value.id : null
}

function problem(code: string, pointer: string, message: string): Problem {
  return { code, severity: 'error', pointer, message }
}
