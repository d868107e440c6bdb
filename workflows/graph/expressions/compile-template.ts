import type { Expression, Super } from 'acorn'
import { limits } from '../../limits'
import { NodeError } from '../../nodes/errors'
import type { Json } from '../schema'
import { rootNames } from './compile-access'
import { createCompiler } from './compile-expression'
import type { AiField, CompiledTemplate, ExpressionProblem } from './compiled'
import { toResult, toText } from './conversions'
import type { Run } from './environment'
import { ExpressionFailure, type Place, quote } from './failure'
import { Meter } from './meter'
import { parseTemplate } from './parse-template'
import { missed, quickPath } from './quick-path'
import type { Scope } from './scope'
import type { Value } from './values'

export interface CompileOptions {
  /** A step's readable key by node id; lets typed text (`steps.fetch`) run before it is stored by id. */
  keys?: Readonly<Record<string, string>>
}

export type CompileResult = { ok: true; value: CompiledTemplate } | { ok: false; problems: ExpressionProblem[] }

/** Compiles a text with `{{ expressions }}`. A text that is exactly one expression keeps the value's type. */
export function compileTemplate(text: string, options: CompileOptions = {}): CompileResult {
  if (!text.includes('{{')) return { ok: true, value: constantTemplate(text) }
  const idByKey = idsOf(options.keys)
  const problems: ExpressionProblem[] = []
  const pieces: Piece[] = []
  const steps = new Set<string>()
  const stepNames = new Set<string>()
  const vars = new Set<string>()
  const aiFields = new Map<string, AiField>()
  for (const part of parseTemplate(text)) {
    if (part.kind === 'text') pieces.push({ text: part.text })
    else if (part.kind === 'broken') problems.push(part.problem)
    else {
      const compiler = createCompiler(part.source, part.start, idByKey)
      const run = compiler.compile(part.node)
      problems.push(...compiler.problems)
      for (const id of compiler.steps) steps.add(id)
      for (const name of compiler.stepNames) stepNames.add(name)
      for (const name of compiler.vars) vars.add(name)
      for (const field of compiler.aiFields) if (!aiFields.has(field.name)) aiFields.set(field.name, field)
      const source = part.source.trim()
      const place = { start: part.start, end: part.end, source }
      pieces.push({ run, place, slots: compiler.slots, passesOn: isPassedOn(part.node), quick: quickPath(part.node, idByKey) })
    }
  }
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, limits.problems) }
  const evaluate = createEvaluate(pieces)
  return {
    ok: true,
    value: {
      source: text,
      steps: [...steps],
      stepNames: [...stepNames],
      vars: [...vars],
      aiFields: [...aiFields.values()],
      constant: false,
      evaluate,
    },
  }
}

const idsByKeys = new WeakMap<object, ReadonlyMap<string, string>>()
const noIds: ReadonlyMap<string, string> = new Map()

/** One table for all texts of a graph: `keys` is made once and not changed. */
export function idsOf(keys: CompileOptions['keys']): ReadonlyMap<string, string> {
  if (!keys) return noIds
  const made = idsByKeys.get(keys) ?? new Map(Object.entries(keys).map(([id, key]) => [key, id]))
  idsByKeys.set(keys, made)
  return made
}

interface Computed {
  run: Run
  place: Place
  slots: number
  passesOn: boolean
  quick: ReturnType<typeof quickPath>
}
type Piece = { text: string } | Computed

export function constantTemplate(text: string): CompiledTemplate {
  return { source: text, steps: [], stepNames: [], vars: [], aiFields: [], constant: true, evaluate: () => text }
}

/** A path only hands on data that is JSON within its limits already, so it is neither walked nor measured. */
function isPassedOn(node: Expression): boolean {
  let base: Expression | Super = node
  while (base.type === 'MemberExpression' || base.type === 'ChainExpression')
    base = base.type === 'ChainExpression' ? base.expression : base.object
  return base.type === 'Identifier' && rootNames.includes(base.name)
}

function createEvaluate(pieces: Piece[]): (scope: Scope, meter?: Meter) => Json {
  const only = pieces.length === 1 ? pieces[0] : undefined
  if (only && 'run' in only) {
    return (scope, meter) => (scope.escape ? scope.escape(textAt(only, scope, meter ?? new Meter())) : resultOf(only, scope, meter))
  }
  return (scope, given) => {
    let text = ''
    let meter = given
    for (let index = 0; index < pieces.length; index++) {
      const piece = pieces[index] as Piece
      if ('text' in piece) {
        text += piece.text
        continue
      }
      const value = piece.quick ? piece.quick(scope) : missed
      if (typeof value === 'string') text += scope.escape ? scope.escape(value) : value
      else {
        meter ??= new Meter()
        const made = textAt(piece, scope, meter)
        text += scope.escape ? scope.escape(made) : made
      }
      if (text.length > limits.expressionResultBytes) {
        throw toNodeError(new ExpressionFailure('result_too_large', 'The text is longer than 1 MB.', piece.place), piece.place, scope)
      }
    }
    return text
  }
}

const noLocals: Value[] = []

function resultOf(piece: Computed, scope: Scope, given: Meter | undefined): Json {
  if (piece.quick) {
    const value = piece.quick(scope)
    // A number goes the long way, where -0 becomes 0.
    if (value !== missed && typeof value !== 'number') return value as Json
  }
  const { run, place, slots, passesOn } = piece
  const meter = given ?? new Meter()
  try {
    const value = run({ scope, meter, locals: slots === 0 ? noLocals : [] })
    return passesOn && typeof value === 'object' ? (value as Json) : toResult(value, meter, place)
  } catch (error) {
    throw failureOf(error, place, scope)
  }
}

function textAt({ run, place, slots }: Computed, scope: Scope, meter: Meter): string {
  try {
    return textOf(run({ scope, meter, locals: slots === 0 ? noLocals : [] }), meter, place)
  } catch (error) {
    throw failureOf(error, place, scope)
  }
}

/** In text nothing is shown for null; objects and lists are JSON. */
function textOf(value: Value, meter: Meter, place: Place): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') toResult(value, meter, place)
  const text = toText(value, meter)
  meter.spend(text.length)
  return text
}

function failureOf(error: unknown, place: Place, scope: Scope): unknown {
  if (error instanceof ExpressionFailure) return toNodeError(error, place, scope)
  // A stack that overflows inside a regular expression or a sort is the expression's fault too.
  if (error instanceof RangeError) return toNodeError(new ExpressionFailure('fuel', 'This is too large to compute.', place), place, scope)
  return error
}

function toNodeError(failure: ExpressionFailure, place: Place, scope: Scope): NodeError {
  const at = failure.place ?? place
  const expression = quote(`{{ ${place.source} }}`)
  const isPart = at.source.trim() !== place.source
  const isNamed = failure.message.includes(quote(place.source))
  const message = isPart ? `${failure.message} In ${expression}.` : isNamed ? failure.message : `${expression}: ${failure.message}`
  const hint = failure.hint === undefined ? {} : { hint: readable(failure.hint, scope) }
  return new NodeError({
    class: 'bad_data',
    code: failure.code,
    message: readable(message, scope),
    ...hint,
    details: { expression: readable(place.source.slice(0, 500), scope), start: at.start, end: at.end },
  })
}

/** Node ids in a message as the keys people know. */
function readable(text: string, scope: Scope): string {
  return text.replace(/(\bsteps\s*(?:\.\s*|\[\s*["']))\$([A-Za-z0-9_]+)/g, (whole: string, before: string, id: string) => {
    const key = scope.keys && Object.hasOwn(scope.keys, id) ? scope.keys[id] : undefined
    return key === undefined ? whole : before + key
  })
}
