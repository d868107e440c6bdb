import type { NodeDefinition } from '../nodes/define'
import { type CompiledParams, compileParams, type ParamProblem, type Reference, referencesOf } from './expressions'
import { escapePointer } from './find-bad-json'
import type { Graph, GraphNode, Json, NodeSettings } from './schema'

export interface InspectedParams {
  compiled: CompiledParams
  problems: readonly ParamProblem[]
  /** Every place that reads data, with a pointer into the params. */
  references: readonly { pointer: string; param: string; reference: Reference }[]
}

type Keys = Readonly<Record<string, string>>

const seen = new WeakMap<GraphNode['params'], { definition: NodeDefinition; inspected: InspectedParams }>()

/** A node's parameters compiled, with what they read. Remembered per params object, which is never changed in place. */
export function inspectParams(node: Pick<GraphNode, 'params'>, definition: NodeDefinition, keys: Keys): InspectedParams {
  const known = seen.get(node.params)
  if (known?.definition === definition) return known.inspected
  const literalKeys = literalParams(definition)
  const references = Object.entries(node.params)
    .filter(([param]) => !literalKeys.includes(param))
    .flatMap(([param, value]) => referencesIn(value, `/${escapePointer(param)}`).map((found) => ({ ...found, param })))
  // Texts from the API may still name steps by key: those depend on the graph around and are compiled each time.
  const byKey = references.some(({ reference }) => reference.root === 'steps' && reference.nodeId === undefined)
  const { params: compiled, problems } = compileParams(node.params, byKey ? { literalKeys, keys } : { literalKeys })
  const inspected = { compiled, problems, references }
  if (!byKey) seen.set(node.params, { definition, inspected })
  return inspected
}

/** The texts of a node's settings that are expressions, compiled; null where there are none. Pointers lead into the settings. */
export function inspectSettings(node: Pick<GraphNode, 'settings'>, keys: Keys): InspectedParams | null {
  const texts = settingsTexts(node.settings)
  if (texts.length === 0) return null
  // White space around an expression would make a text of what it gives, and no text but an empty one counts as no.
  const given = Object.fromEntries(texts.map(({ name, text }) => [name, text.trim()]))
  const shifts = new Map(texts.map(({ name, text }) => [`/${name}`, text.length - text.trimStart().length]))
  const { params: compiled, problems } = compileParams(given, { keys })
  const pointers = new Map(texts.map(({ name, path }) => [`/${name}`, `/${path.join('/')}`]))
  return {
    compiled,
    problems: problems.map((problem) => {
      const by = shifts.get(problem.pointer) ?? 0
      return { ...problem, start: problem.start + by, end: problem.end + by, pointer: pointers.get(problem.pointer) ?? problem.pointer }
    }),
    references: texts.flatMap(({ name, text, path }) =>
      referencesIn(text, `/${path.join('/')}`).map((found) => ({ ...found, param: name })),
    ),
  }
}

/** Where settings hold expressions. */
export function settingsTexts(settings: NodeSettings): { name: 'runIf' | 'items' | 'cacheKey'; path: string[]; text: string }[] {
  const found: ReturnType<typeof settingsTexts> = []
  if (settings.runIf !== undefined) found.push({ name: 'runIf', path: ['runIf'], text: settings.runIf })
  if (settings.cache?.key) found.push({ name: 'cacheKey', path: ['cache', 'key'], text: settings.cache.key })
  if (settings.each) found.push({ name: 'items', path: ['each', 'items'], text: settings.each.items })
  return found
}

/** The same settings with each of their expressions changed. */
export function mapSettings(settings: NodeSettings, change: (text: string) => string): NodeSettings {
  if (settings.runIf === undefined && !settings.each && !settings.cache?.key) return settings
  return {
    ...settings,
    ...(settings.runIf === undefined ? {} : { runIf: change(settings.runIf) }),
    ...(settings.cache ? { cache: { ...settings.cache, key: change(settings.cache.key) } } : {}),
    ...(settings.each ? { each: { ...settings.each, items: change(settings.each.items) } } : {}),
  }
}

export function keysOf(graph: Pick<Graph, 'nodes'>): Keys {
  return Object.fromEntries(graph.nodes.map((node) => [node.id, node.key]))
}

/** Parameters that hold `{{ }}` as plain text. */
export function literalParams(definition: NodeDefinition): string[] {
  const form: Record<string, { literal?: boolean }> = definition.form
  return Object.keys(form).filter((param) => form[param]?.literal)
}

/** Whether an expression stands anywhere inside, so that nothing can be said about the value yet. */
export function holdsExpression(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{')
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(holdsExpression)
}

function referencesIn(value: Json, pointer: string): { pointer: string; reference: Reference }[] {
  if (typeof value === 'string') {
    return value.includes('{{') ? referencesOf(value).map((reference) => ({ pointer, reference })) : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) => referencesIn(child, `${pointer}/${escapePointer(key)}`))
}
