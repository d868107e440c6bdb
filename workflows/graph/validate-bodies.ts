import { limits } from '../limits'
import type { NodeDefinition } from '../nodes/define'
import { bodyOf, containersOf } from './body-edges'
import type { Graph, GraphNode, Problem } from './schema'

type Known = ReadonlyMap<string, { node: GraphNode; definition: NodeDefinition }>

/** What stands inside containers: only in those that hold something, not too deep, and in one section each. */
export function validateBodies(graph: Graph, nodes: Known): Problem[] {
  const found: Problem[] = []
  const add = (node: GraphNode, code: string, message: string, severity: Problem['severity'] = 'error', pointer?: string) =>
    found.push({ code, severity, nodeId: node.id, ...(pointer === undefined ? {} : { pointer }), message })
  const all = new Map(graph.nodes.map((node) => [node.id, node]))
  const inside = new Map<string, GraphNode[]>()
  for (const node of graph.nodes) {
    const known = nodes.get(node.id)
    if (node.parent === undefined || !known) continue
    const parent = nodes.get(node.parent)
    if (!all.has(node.parent)) {
      add(node, 'node.parent_missing', `“${node.title}” stands in a container that is not there. Take it out.`, 'error', '/parent')
      continue
    }
    if (isItsOwnParent(node.id, all)) {
      add(node, 'node.parent_cycle', `“${node.title}” stands inside itself. Take it out.`, 'error', '/parent')
      continue
    }
    if (known.definition.kind === 'note') continue
    if (!bodyOf(parent?.definition)) {
      add(
        node,
        'node.parent_not_container',
        `“${all.get(node.parent)?.title}” holds no steps, but “${node.title}” stands in it. Take it out.`,
        'error',
        '/parent',
      )
    } else if (known.definition.kind === 'trigger') {
      add(
        node,
        'node.trigger_inside',
        `“${node.title}” starts the workflow, so it cannot stand in a container. Take it out.`,
        'error',
        '/parent',
      )
    }
    if (containersOf(node.id, all).length > limits.containerDepth) {
      add(node, 'node.too_deep', `“${node.title}” stands in more than ${limits.containerDepth} containers. Use fewer.`, 'error', '/parent')
    }
    const list = inside.get(node.parent)
    if (list) list.push(node)
    else inside.set(node.parent, [node])
  }
  const tools = new Set(graph.edges.filter((edge) => edge.toPort === 'tools').map((edge) => edge.from))
  const onceIn = firstSentOnce(nodes, all)
  for (const { node, definition } of nodes.values()) {
    const body = bodyOf(definition)
    const once = onceIn.get(node.id)
    if (once && definition.kind === 'control' && definition.control === 'for_each' && Number(node.params.attempts) > 1) {
      const message = `An item of “${node.title}” is not tried again as a whole, because “${once.title}” inside may be sent once only.`
      add(node, 'container.sends_once', message, 'warning', '/params/attempts')
    }
    if (!body) continue
    const held = (inside.get(node.id) ?? []).filter((one) => !tools.has(one.id))
    if (held.length === 0) {
      add(node, 'container.empty', `“${node.title}” holds no steps. Put some inside, or remove it.`)
      continue
    }
    if (body.ports.length > 0) found.push(...validateSections(graph, node, held, body.ports, nodes))
    if (body.branches && held.length < 2) {
      add(node, 'container.one_branch', `“${node.title}” has one branch only. Put a second one beside it, or remove it.`, 'warning')
    }
  }
  return found
}

/** Of what may be sent once only, the first that stands in each container. */
function firstSentOnce(nodes: Known, all: ReadonlyMap<string, GraphNode>): ReadonlyMap<string, GraphNode> {
  const found = new Map<string, GraphNode>()
  for (const { node } of nodes.values()) {
    if (!node.settings.atMostOnce || node.settings.disabled) continue
    for (const id of containersOf(node.id, all)) if (!found.has(id)) found.set(id, node)
  }
  return found
}

function isItsOwnParent(id: string, nodes: ReadonlyMap<string, GraphNode>): boolean {
  const seen = new Set<string>()
  for (let at = nodes.get(id)?.parent; at !== undefined && !seen.has(at); at = nodes.get(at)?.parent) {
    if (at === id) return true
    seen.add(at)
  }
  return false
}

/** A step belongs to one section, the first one holds something, and what cleans up does not wait. */
function validateSections(
  graph: Graph,
  container: GraphNode,
  held: readonly GraphNode[],
  ports: readonly string[],
  nodes: Known,
): Problem[] {
  const found: Problem[] = []
  const ids = new Set(held.map((node) => node.id))
  const within = graph.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to) && edge.toPort !== 'tools')
  const ledTo = new Set(graph.edges.filter((edge) => ids.has(edge.to) && edge.toPort !== 'tools').map((edge) => edge.to))
  const sectionsOf = new Map<string, Set<string>>()
  const mark = (start: string, section: string) => {
    const todo = [start]
    while (todo.length > 0) {
      const id = todo.pop() as string
      const sections = sectionsOf.get(id) ?? new Set()
      if (sections.has(section)) continue
      sectionsOf.set(id, sections.add(section))
      for (const edge of within) if (edge.from === id) todo.push(edge.to)
    }
  }
  for (const node of held) if (!ledTo.has(node.id)) mark(node.id, '')
  for (const edge of graph.edges)
    if (edge.from === container.id && ids.has(edge.to) && ports.includes(edge.fromPort)) mark(edge.to, edge.fromPort)
  for (const node of held) {
    const sections = sectionsOf.get(node.id) ?? new Set()
    const add = (code: string, message: string) => found.push({ code, severity: 'error', nodeId: node.id, message })
    if (sections.size > 1) {
      add('container.two_sections', `“${node.title}” belongs to two parts of “${container.title}” at once. Connect it in one of them only.`)
    }
  }
  const cleaning = new Set(held.filter((node) => sectionsOf.get(node.id)?.has('finally')).map((node) => node.id))
  const all = new Map(graph.nodes.map((node) => [node.id, node]))
  for (const { node, definition } of cleaning.size > 0 ? nodes.values() : []) {
    if (!waits(node, definition) || ![node.id, ...containersOf(node.id, all)].some((id) => cleaning.has(id))) continue
    const message = `“${node.title}” waits, but what stands under finally also runs when a run is cancelled. Take it out.`
    found.push({ code: 'container.finally_waits', severity: 'error', nodeId: node.id, message })
  }
  if (![...sectionsOf.values()].some((sections) => sections.has(''))) {
    const message = `“${container.title}” tries nothing: every step inside hangs from one of its own ports. Add one that nothing leads into.`
    found.push({ code: 'container.empty', severity: 'error', nodeId: container.id, message })
  }
  const used = graph.edges.some((edge) => edge.from === container.id && ids.has(edge.to) && ports.includes(edge.fromPort))
  if (!used) {
    const message = `“${container.title}” catches nothing. Connect its catch or finally port to a step inside, or remove it.`
    found.push({ code: 'container.nothing_caught', severity: 'warning', nodeId: container.id, message })
  }
  return found
}

function waits(node: GraphNode, definition: NodeDefinition): boolean {
  if (definition.kind !== 'control') return false
  if (definition.control === 'repeat') return (node.params.pauseMs ?? 0) !== 0
  return ['wait', 'approval', 'callback', 'event', 'child'].includes(definition.control)
}
