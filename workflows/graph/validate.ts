import { limits } from '../limits'
import { catalogue as wholeCatalogue } from '../nodes/catalogue'
import type { NodeDefinition } from '../nodes/define'
import { createAncestors } from './ancestors'
import { withBodyEdges } from './body-edges'
import type { Callee } from './call'
import { type Catalogue, definitionOf } from './catalogue'
import { downstreamOf } from './downstream-of'
import { findCycle } from './find-cycle'
import { keysOf } from './inspect-params'
import { forgottenIn } from './marked-in'
import { migrateNode } from './migrate-node'
import { byteLength } from './operations/check-node'
import { readyOrder } from './ready-order'
import type { Graph, GraphNode, Problem } from './schema'
import { validateBodies } from './validate-bodies'
import { validateCall } from './validate-call'
import { validateEdges } from './validate-edges'
import { type ReadContext, validateExpressions } from './validate-expressions'
import { createFieldCheck, type Shapes } from './validate-fields'
import { validateNodeSettings } from './validate-node-settings'
import { validateParams } from './validate-params'
import { validateSettings } from './validate-settings'

/** What stands around a workflow; what is absent is not checked. */
export interface Surroundings {
  /** Credentials that this workflow may use, by id. */
  credentials?: ReadonlyMap<string, { type: string }>
  /** Names of the variables that are set. */
  variables?: ReadonlySet<string>
  /** Node types that cannot run where the workflow is to run, and why. */
  unavailable?: ReadonlyMap<string, string>
  /** The workflows that steps run, by `callKey`. */
  callees?: ReadonlyMap<string, Callee>
  /** What steps gave when they last ran, by node id, as far as misspelt fields are told from it. */
  shapes?: Shapes
}

/** Everything that is wrong with a graph, up to 200 problems, errors first. Errors stop a publish; warnings are said and pass. */
export function validate(graph: Graph, catalogue: Catalogue = wholeCatalogue, surroundings: Surroundings = {}): Problem[] {
  return collectProblems(graph, catalogue, surroundings).slice(0, limits.problems)
}

/** The same without an end to the list. */
export function collectProblems(graph: Graph, catalogue: Catalogue, surroundings: Surroundings): Problem[] {
  const problems: Problem[] = []
  const nodes = new Map<string, { node: GraphNode; definition: NodeDefinition }>()
  for (const stored of graph.nodes) {
    const definition = definitionOf(stored, catalogue)
    const node = definition && migrateNode(stored, catalogue)
    if (!definition || !node) {
      problems.push({
        code: 'node.unknown_type',
        severity: 'error',
        nodeId: stored.id,
        pointer: '/type',
        message: `“${stored.title}” is of the type “${stored.type}” in version ${stored.version}, which is not known here. Replace it.`,
      })
      continue
    }
    nodes.set(stored.id, { node, definition })
  }
  const flow = withBodyEdges(graph)
  const order = readyOrder(flow)
  const context: ReadContext = {
    graph,
    nodes,
    keys: keysOf(graph),
    runsBefore: order ? createAncestors(flow, order) : () => true,
    variables: surroundings.variables,
    tools: new Set(graph.edges.filter((edge) => edge.toPort === 'tools').map((edge) => edge.from)),
  }
  problems.push(
    ...validateSettings(graph),
    ...validateWhole(graph, nodes),
    ...validateNames(graph),
    ...validateEdges(graph, nodes),
    ...validateBodies(graph, nodes),
  )
  const forgotten = forgottenIn(graph)
  const checkFields = surroundings.shapes && createFieldCheck(graph, nodes, surroundings.shapes)
  for (const { node, definition } of nodes.values()) {
    const reason = surroundings.unavailable?.get(node.type)
    if (reason && !node.settings.disabled) problems.push(unavailable(node, reason))
    problems.push(
      ...validateParams(node, definition, surroundings.credentials),
      ...validateCall(node, definition, surroundings.callees),
      ...validateNodeSettings(node, definition, forgotten),
      ...validateExpressions(node, definition, context),
    )
    if (checkFields) problems.push(...checkFields(node, definition))
  }
  problems.push(...validateReach(flow, nodes, context.tools))
  return problems.sort((a, b) => rank(a) - rank(b))
}

function unavailable(node: GraphNode, reason: string): Problem {
  return {
    code: 'node.unavailable',
    severity: 'error',
    nodeId: node.id,
    pointer: '/type',
    message: `“${node.title}” cannot run on this instance. ${reason}`.replace(/[^.]$/, '$&.'),
  }
}

function rank(problem: Problem): number {
  return problem.severity === 'error' ? 0 : 1
}

type Known = ReadonlyMap<string, { node: GraphNode; definition: NodeDefinition }>

function validateWhole(graph: Graph, nodes: Known): Problem[] {
  const found: Problem[] = []
  const add = (code: string, message: string) => found.push({ code, severity: 'error', message })
  if (graph.nodes.length > limits.graphNodes)
    add('graph.too_many_nodes', `A workflow holds at most ${limits.graphNodes} nodes. Split it in several.`)
  if (graph.edges.length > limits.graphEdges) {
    add('graph.too_many_edges', `A workflow holds at most ${limits.graphEdges} connections. Split it in several.`)
  }
  const triggers = [...nodes.values()].filter(({ definition }) => definition.kind === 'trigger')
  if (triggers.length === 0) add('graph.no_trigger', 'Nothing starts this workflow. Add a trigger: a webhook, a schedule or “by hand”.')
  else if (triggers.every(({ node }) => node.settings.disabled)) {
    add('graph.no_trigger', 'Every trigger of this workflow is switched off. Switch one on.')
  }
  const cycle = findCycle(graph)
  if (cycle) {
    const titles = cycle.slice(0, 5).map((id) => `“${nodes.get(id)?.node.title ?? id}”`)
    found.push({
      code: 'edge.cycle',
      severity: 'error',
      ...(cycle[0] === undefined ? {} : { nodeId: cycle[0] }),
      message: `The connections form a loop: ${titles.join(' → ')}. Remove one of them.`,
    })
  }
  return found
}

function validateNames(graph: Graph): Problem[] {
  const found: Problem[] = []
  const ids = new Set<string>()
  const keys = new Set<string>()
  for (const node of graph.nodes) {
    const add = (code: string, pointer: string, message: string) =>
      found.push({ code, severity: 'error', nodeId: node.id, pointer, message })
    if (ids.has(node.id)) add('node.duplicate_id', '/id', `Two nodes have the id “${node.id}”. Remove one and add it again.`)
    if (keys.has(node.key)) add('node.key_taken', '/key', `Two nodes are called “${node.key}”. Give one of them another key.`)
    ids.add(node.id)
    keys.add(node.key)
    if (byteLength(JSON.stringify(node)) > limits.nodeBytes) {
      add('node.too_large', '', `“${node.title}” holds more than ${limits.nodeBytes / 1024} KB. Shorten its texts.`)
    }
  }
  return found
}

function validateReach(graph: Pick<Graph, 'edges'>, nodes: Known, tools: ReadonlySet<string>): Problem[] {
  const triggers = [...nodes.values()].filter(({ definition, node }) => definition.kind === 'trigger' && !node.settings.disabled)
  if (triggers.length === 0) return []
  const reached = downstreamOf(
    graph,
    triggers.map(({ node }) => node.id),
  )
  const called = downstreamOf(
    graph,
    triggers.filter(({ definition }) => hasAddress(definition)).map(({ node }) => node.id),
  )
  return [...nodes.values()].flatMap(({ node, definition }): Problem[] => {
    if (definition.kind === 'note' || definition.kind === 'trigger' || tools.has(node.id)) return []
    if (!reached.has(node.id)) {
      return [
        {
          code: 'node.unreachable',
          severity: 'warning',
          nodeId: node.id,
          message: `Nothing leads to “${node.title}”, so it never runs. Connect it or remove it.`,
        },
      ]
    }
    if (definition.kind === 'control' && definition.control === 'respond' && !called.has(node.id)) {
      return [
        {
          code: 'node.no_caller',
          severity: 'warning',
          nodeId: node.id,
          message: `No webhook leads to “${node.title}”, so nobody waits for its answer. Start the workflow with a webhook.`,
        },
      ]
    }
    return []
  })
}

/** A trigger that is called at an address of its own, so that somebody may wait for an answer. */
function hasAddress(definition: NodeDefinition): boolean {
  return definition.kind === 'trigger' && 'respond' in definition.params.shape
}
