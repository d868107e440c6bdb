import type { z } from 'zod'
import { ServiceError } from '@/server/services/service-error'
import { idOf } from '@/server/services/shapes'
import { triggersOf } from '@/server/services/workflows/triggers-of'
import type { Graph, GraphNode, Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { FieldHint } from '@/workflows/nodes/define'
import { type blank, type blankValue, scheduleValue } from './contract'

type Blank = z.infer<typeof blank>
type Values = Readonly<Record<string, z.infer<typeof blankValue>>>
export interface ChosenSchedule extends z.infer<typeof scheduleValue> {
  /** Of the template's own node. */
  nodeId: string
  name: string
}

/**
 * What people will want to make theirs: where requests go and with which credential, what models are told and which answers, who decides,
 * when it starts. `key` is node id and parameter.
 */
export function blanksOf(graph: Graph): Blank[] {
  const scheduled = new Set(triggersOf(graph).flatMap((trigger) => (trigger.kind === 'schedule' ? [trigger.nodeId] : [])))
  return graph.nodes.flatMap((node) => {
    const definition = catalogue.get(node.type)
    if (!definition || node.settings.disabled) return []
    const form: Record<string, FieldHint> = definition.form
    const found = Object.entries(form).flatMap(([param, hint]) => blankOf(node, param, hint, form))
    return scheduled.has(node.id) ? [...found, scheduleBlank(node)] : found
  })
}

function blankOf(node: GraphNode, param: string, hint: FieldHint, form: Record<string, FieldHint>): Blank[] {
  const value = node.params[param]
  const shared = {
    key: `${node.id}.${param}`,
    nodeId: node.id,
    nodeTitle: node.title,
    pointer: `/params/${param}`,
    label: hint.label,
    help: hint.help ?? null,
    credentialTypes: [],
    after: null,
  }
  if ((param === 'url' || param === 'instructions') && typeof value === 'string' && value !== '')
    return [{ ...shared, kind: 'text', value }]
  if (hint.widget === 'people') return [{ ...shared, kind: 'people', value: [] }]
  if (hint.widget === 'model') return [{ ...shared, kind: 'model', value: 'practice', after: `${node.id}.credential` }]
  if (hint.widget === 'credential' && (form.model || form.url || value)) {
    const after = form.url && !value ? `${node.id}.url` : null
    return [{ ...shared, kind: 'credential', value: '', credentialTypes: [...(hint.credentialTypes ?? [])], after }]
  }
  return []
}

function scheduleBlank(node: GraphNode): Blank {
  return {
    key: `${node.id}.schedule`,
    nodeId: node.id,
    nodeTitle: node.title,
    pointer: '',
    kind: 'schedule',
    label: node.title,
    value: null,
    help: typeof node.params.note === 'string' && node.params.note !== '' ? node.params.note : null,
    credentialTypes: [],
    after: null,
  }
}

/** The graph with blanks filled in, without credentials and people of its own; a key that is no blank is left out. */
export function fillBlanks(graph: Graph, values: Values): { graph: Graph; schedules: ChosenSchedule[] } {
  const schedules: ChosenSchedule[] = []
  const filled = new Map<string, Json>()
  for (const one of blanksOf(graph)) {
    const given = values[one.key]
    if (given === undefined || given === null || given === '') continue
    if (one.kind === 'schedule') schedules.push({ ...read(scheduleValue, one, given), nodeId: one.nodeId, name: one.nodeTitle })
    else filled.set(one.key, valueFor(one, given))
  }
  const nodes = graph.nodes.map((node) => {
    const form: Record<string, FieldHint> = catalogue.get(node.type)?.form ?? {}
    const params: Record<string, Json> = {}
    for (const [param, value] of Object.entries(node.params))
      if (form[param]?.widget !== 'credential' && form[param]?.widget !== 'people') params[param] = value
    for (const param of Object.keys(form)) {
      const value = filled.get(`${node.id}.${param}`)
      if (value !== undefined) params[param] = value
    }
    return { ...node, params }
  })
  return { graph: { ...graph, nodes }, schedules }
}

function valueFor(one: Blank, given: unknown): Json {
  if (one.kind === 'people') return read(idOf('usr').array().max(50), one, given)
  if (one.kind === 'credential') return read(idOf('cred'), one, given)
  if (typeof given === 'string') return given
  throw unfit(one)
}

function read<T>(shape: z.ZodType<T>, one: Blank, given: unknown): T {
  const parsed = shape.safeParse(given)
  if (!parsed.success) throw unfit(one)
  return parsed.data
}

function unfit(one: Blank): ServiceError {
  return new ServiceError('BAD_REQUEST', `“${one.label}” of ${one.nodeTitle} does not take this.`, {
    pointer: `/values/${one.key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    hint: `It is of the kind ${one.kind}; the template's blanks say what each takes.`,
  })
}
