import { parseExpressionAt } from 'acorn'
import { createCompiler } from './compile-expression'
import { idsOf } from './compile-template'
import { isoOf } from './conversions'
import type { Environment } from './environment'
import { type FunctionDoc, globals, membersOf, namespaces } from './functions/index'
import { Meter } from './meter'
import type { Scope } from './scope'
import { openCalls, readTokens, startOfChain, type Token } from './tokens'
import { DateValue, DurationValue, isFields, isForbidden, kindOf, type Value } from './values'

export interface Suggestion {
  label: string
  kind: 'field' | 'name' | 'property' | 'method' | 'function'
  /** What replaces the text from `from` to the cursor. */
  insert: string
  from: number
  /** Where the cursor stands afterwards, counted from the start of `insert`. */
  caret: number
  /** "text", "list", …: the kind of value there is now. */
  type?: string
  /** The value there is now, in few characters. */
  value?: string
  signature?: string
  summary?: string
  example?: FunctionDoc['example']
}

const mostFields = 200
/** Completion runs at every key press, so it may do far less than a run. */
const completionFuel = 200_000

/** What may stand at the cursor: names, fields of the real data, functions. Empty outside `{{ }}` and inside texts. */
export function complete(textBeforeCursor: string, sample: Partial<Scope>): Suggestion[] {
  const open = textBeforeCursor.lastIndexOf('{{')
  if (open === -1 || textBeforeCursor.indexOf('}}', open) !== -1) return []
  const start = open + 2
  const source = textBeforeCursor.slice(start)
  const tokens = readTokens(source)
  if (!tokens) return []
  const scope: Scope = { input: null, trigger: null, steps: {}, vars: {}, run: null, now: new Date(0), ...sample }
  const last = tokens.at(-1)
  const isPartial = last?.isName === true && last.end === source.length
  const partial = isPartial ? String(last.value) : ''
  const before = isPartial ? tokens.slice(0, -1) : tokens
  const from = start + (isPartial ? last.start : source.length)
  const locals = localsAt(source, before, scope)
  const dot = before.at(-1)
  const found =
    dot?.label === '.' || dot?.label === '?.'
      ? afterDot(source, before, scope, locals, start + dot.start, from)
      : roots(scope, locals, from)
  return rank(found, partial)
}

function rank(suggestions: Suggestion[], partial: string): Suggestion[] {
  const wanted = partial.toLowerCase()
  const score = (label: string) => {
    const name = label.toLowerCase()
    if (name.startsWith(wanted)) return 0
    return name.replace(/^\$/, '').startsWith(wanted) ? 1 : wanted.length > 1 && name.includes(wanted) ? 2 : 3
  }
  return suggestions
    .map((suggestion) => ({ suggestion, score: score(suggestion.label) }))
    .filter((entry) => entry.score < 3)
    .sort((a, b) => a.score - b.score)
    .map((entry) => entry.suggestion)
}

function afterDot(source: string, tokens: Token[], scope: Scope, locals: Map<string, Value>, dotAt: number, from: number): Suggestion[] {
  const beforeDot = tokens.slice(0, -1)
  const first = startOfChain(beforeDot)
  const end = beforeDot.at(-1)?.end
  if (first === undefined || end === undefined) return []
  const base = source.slice(first, end)
  const isRoot = !locals.has(base)
  if (isRoot && base === 'steps') {
    const ids = new Set([...Object.keys(scope.keys ?? {}), ...Object.keys(scope.steps)])
    return [...ids].map((id) => {
      const key = scope.keys && Object.hasOwn(scope.keys, id) ? (scope.keys[id] ?? id) : id
      const value = Object.hasOwn(scope.steps, id) ? scope.steps[id] : undefined
      return { ...named('name', key, from), ...(value === undefined ? {} : shown(value)) }
    })
  }
  if (isRoot && base === 'vars') return fieldsOf(scope.vars as Value, dotAt, from)
  if (isRoot && namespaces.has(base)) {
    return [...globals.values()]
      .filter((fn) => fn.name.startsWith(`${base}.`))
      .map((fn) => documented(fn, fn.name.slice(base.length + 1), from))
  }
  const value = evaluate(base, scope, locals)
  if (value === undefined) return []
  const members = [...membersOf(kindOf(value)).values()].map((fn) => documented(fn, fn.name, from))
  return [
    ...fieldsOf(value, dotAt, from),
    ...members.filter((member) => member.kind === 'property'),
    ...members.filter((member) => member.kind !== 'property'),
  ]
}

function roots(scope: Scope, locals: Map<string, Value>, from: number): Suggestion[] {
  const names: Suggestion[] = [...locals].reverse().map(([name, value]) => ({ ...named('name', name, from), ...shown(value) }))
  for (const name of ['input', 'item', 'index', 'trigger', 'run'] as const) {
    const value = scope[name]
    if (value !== undefined && !locals.has(name))
      names.push({ ...named('name', name, from), ...shown(value), summary: rootSummaries[name] })
  }
  for (const name of ['steps', 'vars'] as const) names.push({ ...named('name', name, from), summary: rootSummaries[name] })
  return [...names, ...[...globals.values()].map((fn) => documented(fn, fn.name, from)), aiMarker(from)]
}

const rootSummaries = {
  input: 'What came in from the step before.',
  item: 'The item this runs for.',
  index: 'Its place in the list; the first is 0.',
  trigger: 'What started the run.',
  run: 'The run itself.',
  steps: "Every step's result by its key.",
  vars: 'Variables of the project.',
} as const

function aiMarker(from: number): Suggestion {
  const signature = '$ai(name, description, type?)'
  return {
    ...named('function', '$ai', from),
    insert: "$ai('', '')",
    caret: 5,
    signature,
    summary: 'Filled in by the model that uses this node as its tool.',
  }
}

function fieldsOf(value: Value, dotAt: number, from: number): Suggestion[] {
  if (!isFields(value)) return []
  return Object.keys(value)
    .filter((key) => !isForbidden(key))
    .slice(0, mostFields)
    .map((key) => {
      const details = shown(value[key])
      if (/^[A-Za-z_$][\w$]*$/.test(key)) return { ...named('field', key, from), ...details }
      // Such a name cannot stand after a dot, so the dot goes.
      const insert = `[${JSON.stringify(key)}]`
      return { label: key, kind: 'field', insert, from: dotAt, caret: insert.length, ...details }
    })
}

function named(kind: Suggestion['kind'], label: string, from: number): Suggestion {
  return { label, kind, insert: label, from, caret: label.length }
}

function documented(fn: FunctionDoc, label: string, from: number): Suggestion {
  const { signature, summary, example } = fn
  if (fn.property) return { ...named('property', label, from), signature, summary, example }
  const caret = label.length + (signature.endsWith('()') ? 2 : 1)
  return { label, kind: fn.of === 'global' ? 'function' : 'method', insert: `${label}()`, from, caret, signature, summary, example }
}

function shown(value: Value): { type?: string; value?: string } {
  const kind = kindOf(value)
  return kind === 'missing' ? {} : { type: kind, value: inShort(value) }
}

/** A value in at most about 60 characters, without looking at more of it than that. */
export function inShort(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 50 ? `${value.slice(0, 49)}…` : value)
  if (Array.isArray(value)) return value.length === 1 ? '1 item' : `${value.length} items`
  if (value instanceof DateValue) return isoOf(value)
  if (value instanceof DurationValue) return DurationValue.read(value).toISO() ?? ''
  if (!isFields(value)) return String(value)
  const keys = Object.keys(value)
  const names = keys.slice(0, 4).map((key) => key.slice(0, 16))
  return `{ ${names.join(', ')}${keys.length > 4 ? ', …' : ''} }`
}

function evaluate(source: string, scope: Scope, locals: Map<string, Value>): Value {
  try {
    const node = parseExpressionAt(source, 0, { ecmaVersion: 2024, sourceType: 'module' })
    const compiler = createCompiler(source, 0, idsOf(scope.keys))
    const environment: Environment = { scope, meter: new Meter(completionFuel), locals: [] }
    for (const [name, value] of locals) {
      compiler.locals.push({ name, slot: compiler.slots })
      environment.locals[compiler.slots++] = value
    }
    const run = compiler.compile(node)
    return compiler.problems.length > 0 ? undefined : run(environment)
  } catch {
    return undefined
  }
}

/** Values for the arrow parameters in reach, taken from the first item of the list each works on. */
function localsAt(source: string, tokens: Token[], scope: Scope): Map<string, Value> {
  const locals = new Map<string, Value>()
  for (const call of openCalls(tokens)) {
    const list = call.chainStart === undefined ? undefined : evaluate(source.slice(call.chainStart, call.chainEnd), scope, locals)
    const items = Array.isArray(list) ? list : []
    const first = items.find((item) => item !== null) ?? items[0]
    const isPair = call.method === 'sort'
    const given: Value[] = call.method === 'reduce' ? [undefined, first, 0, list] : isPair ? [first, items[1] ?? first] : [first, 0, list]
    for (const [index, name] of call.parameters.entries()) locals.set(name, given[index])
  }
  return locals
}
