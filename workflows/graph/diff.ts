import { catalogue as wholeCatalogue } from '../nodes/catalogue'
import type { FieldHint } from '../nodes/define'
import type { Catalogue } from './catalogue'
import { toShown } from './expressions'
import { escapePointer } from './find-bad-json'
import { sameJson } from './same-json'
import type { Graph, GraphEdge, GraphNode, Json } from './schema'
import type { WorkflowSettingName } from './workflow-settings'

export interface NodeMark {
  nodeId: string
  key: string
  title: string
  type: string
}
export interface FieldChange {
  /** JSON Pointer into the node, e.g. `/params/headers/Accept`. */
  pointer: string
  /** As it stands in the form: "URL", "Headers › Accept". */
  label: string
  /** As people read it, step names instead of ids; null where nothing stood. */
  before: string | null
  after: string | null
}
export interface EdgeMark {
  edgeId: string
  from: string
  fromPort: string
  to: string
  toPort: string
  /** "Fetch customer → Over limit? (true)" */
  words: string
}
export interface GraphDiff {
  same: boolean
  /** One sentence: "2 nodes added, 1 changed, 1 connection removed." */
  summary: string
  nodes: {
    added: NodeMark[]
    removed: NodeMark[]
    changed: (NodeMark & { fields: FieldChange[] })[]
    /** Moved, resized or collapsed; changes nothing about what runs. */
    moved: NodeMark[]
  }
  edges: { added: EdgeMark[]; removed: EdgeMark[] }
  /** Of the workflow as a whole. */
  settings: FieldChange[]
}

/** What changed from one graph to another, field by field, matched by node id. */
export function diffGraphs(before: Graph, after: Graph, catalogue: Catalogue = wholeCatalogue): GraphDiff {
  const old = new Map(before.nodes.map((node) => [node.id, node]))
  const now = new Map(after.nodes.map((node) => [node.id, node]))
  const changed: GraphDiff['nodes']['changed'] = []
  const moved: NodeMark[] = []
  for (const node of after.nodes) {
    const earlier = old.get(node.id)
    if (!earlier || earlier === node) continue
    const fields = fieldChanges(earlier, node, before, after, catalogue)
    if (fields.length > 0) changed.push({ ...markOf(node), fields })
    if (!sameJson([earlier.position, earlier.size, earlier.collapsed], [node.position, node.size, node.collapsed])) moved.push(markOf(node))
  }
  const nodes = {
    added: after.nodes.filter((node) => !old.has(node.id)).map(markOf),
    removed: before.nodes.filter((node) => !now.has(node.id)).map(markOf),
    changed,
    moved,
  }
  const ways = { before: new Set(before.edges.map(wayOf)), after: new Set(after.edges.map(wayOf)) }
  const edges = {
    added: after.edges.filter((edge) => !ways.before.has(wayOf(edge))).map((edge) => edgeMark(edge, now)),
    removed: before.edges.filter((edge) => !ways.after.has(wayOf(edge))).map((edge) => edgeMark(edge, old)),
  }
  const settings = settingChanges(before, after)
  const summary = summarize(nodes, edges, settings)
  return { same: summary === null, summary: summary ?? 'Nothing changed.', nodes, edges, settings }
}

function fieldChanges(a: GraphNode, b: GraphNode, before: Graph, after: Graph, catalogue: Catalogue): FieldChange[] {
  const form: Record<string, FieldHint> = catalogue.get(b.type)?.form ?? {}
  const found: FieldChange[] = []
  const compare = (pointer: string, label: string, left: Json | undefined, right: Json | undefined) => {
    if (sameJson(left, right)) return
    if (isObject(left) && isObject(right)) {
      for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
        compare(`${pointer}/${escapePointer(key)}`, `${label} › ${key}`, left[key], right[key])
      }
      return
    }
    found.push({ pointer, label, before: showValue(left, before), after: showValue(right, after) })
  }
  compare('/title', 'Title', a.title, b.title)
  compare('/key', 'Key', a.key, b.key)
  compare('/type', 'Type', `${a.type}@${a.version}`, `${b.type}@${b.version}`)
  compare('/parent', 'Stands in', titleOf(a.parent, before), titleOf(b.parent, after))
  compare('/group', 'Group', titleOf(a.group, before), titleOf(b.group, after))
  compare('/locked', 'Locked', a.locked, b.locked)
  for (const param of new Set([...Object.keys(a.params), ...Object.keys(b.params)])) {
    compare(`/params/${escapePointer(param)}`, form[param]?.label ?? param, a.params[param], b.params[param])
  }
  const left = a.settings as Record<string, Json | undefined>
  const right = b.settings as Record<string, Json | undefined>
  for (const setting of new Set([...Object.keys(left), ...Object.keys(right)])) {
    compare(`/settings/${setting}`, settingLabels[setting] ?? setting, left[setting], right[setting])
  }
  return found
}

function titleOf(id: string | undefined, { nodes }: Graph): string | undefined {
  return id === undefined ? undefined : (nodes.find((node) => node.id === id)?.title ?? id)
}

const settingLabels: Readonly<Record<string, string>> = {
  retry: 'Retry',
  timeoutMs: 'Time-out in ms',
  onError: 'When it fails',
  atMostOnce: 'At most once',
  disabled: 'Switched off',
  each: 'For each item',
  runIf: 'Runs only if',
  cache: 'Keeps its result',
  sensitive: 'Values are not kept',
  note: 'Note',
}

function showValue(value: Json | undefined, graph: Graph): string | null {
  if (value === undefined) return null
  return toShown(typeof value === 'string' ? value : JSON.stringify(value, null, 2), graph)
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function markOf({ id, key, title, type }: GraphNode): NodeMark {
  return { nodeId: id, key, title, type }
}

function wayOf({ from, fromPort, to, toPort }: GraphEdge): string {
  return JSON.stringify([from, fromPort, to, toPort])
}

function edgeMark(edge: GraphEdge, nodes: ReadonlyMap<string, GraphNode>): EdgeMark {
  const from = nodes.get(edge.from)?.title ?? edge.from
  const to = nodes.get(edge.to)?.title ?? edge.to
  const port = edge.fromPort === 'main' || edge.fromPort === 'tool' ? '' : ` (${edge.fromPort})`
  const words = edge.toPort === 'tools' ? `${from} as a tool of ${to}` : `${from}${port} → ${to}`
  return { edgeId: edge.id, from: edge.from, fromPort: edge.fromPort, to: edge.to, toPort: edge.toPort, words }
}

function settingChanges(before: Graph, after: Graph): FieldChange[] {
  const left = (before.settings ?? {}) as Record<string, Json | undefined>
  const right = (after.settings ?? {}) as Record<string, Json | undefined>
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((name) => {
    if (sameJson(left[name], right[name])) return []
    const label = workflowSettingLabels[name as WorkflowSettingName] ?? name
    return [{ pointer: `/settings/${name}`, label, before: showValue(left[name], before), after: showValue(right[name], after) }]
  })
}

const workflowSettingLabels: Readonly<Record<WorkflowSettingName, string>> = {
  input: 'Input',
  output: 'Output',
  concurrency: 'Runs at once',
  rate: 'Starts in a time',
  priority: 'Priority',
  maxDurationMs: 'Longest duration in ms',
  errorWorkflow: 'Error workflow',
  owner: 'Who is told of failures',
  keepSucceededDays: 'Days to keep successful runs',
  keepFailedDays: 'Days to keep failed runs',
  record: 'What is recorded',
}

function summarize(nodes: GraphDiff['nodes'], edges: GraphDiff['edges'], settings: readonly FieldChange[]): string | null {
  const counts = (['added', 'removed', 'changed', 'moved'] as const).flatMap((what) => {
    const count = nodes[what].length
    return count > 0 ? [{ count, noun: 'node', what }] : []
  })
  for (const what of ['added', 'removed'] as const) {
    if (edges[what].length > 0) counts.push({ count: edges[what].length, noun: 'connection', what: what as 'added' })
  }
  if (settings.length > 0) counts.push({ count: settings.length, noun: 'setting', what: 'changed' })
  if (counts.length === 0) return null
  const words = counts.map(({ count, noun, what }, index) => {
    const named = index === 0 || counts[index - 1]?.noun !== noun
    return named ? `${count} ${noun}${count === 1 ? '' : 's'} ${what}` : `${count} ${what}`
  })
  return `${words.join(', ')}.`
}
