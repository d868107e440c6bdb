import { limits } from '../../limits'
import { NodeError } from '../../nodes/errors'
import type { Json } from '../schema'
import { type CompileOptions, compileTemplate } from './compile-template'
import type { AiField, CompiledParams, ExpressionProblem } from './compiled'
import { Meter } from './meter'
import type { Scope } from './scope'

export interface CompileParamsOptions extends CompileOptions {
  /** Parameters kept as they are: code, JSON Schema and whatever else has `literal` in its form. */
  literalKeys?: readonly string[]
}

export interface ParamProblem extends ExpressionProblem {
  /** JSON Pointer into the params, e.g. `/headers/0/value`. */
  pointer: string
}

/** With `safe`, for each value that stands in a text. */
type PerItem = (item: Json, index: number, safe?: Scope['escape']) => Json
type Evaluate = (scope: Scope, meter: Meter) => Json
/** A value without expressions is kept as it is. */
type Compiled = { constant: true; value: Json } | { constant: false; evaluate: Evaluate }

/** Fuel that each item of a per-item parameter has to itself, beside the fuel they share. */
const fuelPerItem = 1_000

/** Compiles every text inside params; with problems, the params still evaluate where they can and fail where they cannot. */
export function compileParams(
  params: Readonly<Record<string, Json>>,
  options: CompileParamsOptions = {},
): { params: CompiledParams; problems: ParamProblem[] } {
  const problems: ParamProblem[] = []
  const steps = new Set<string>()
  const vars = new Set<string>()
  const aiFields = new Map<string, AiField>()

  const compile = (value: Json, pointer: string): Compiled => {
    if (typeof value === 'string') return compileText(value, pointer)
    if (value === null || typeof value !== 'object') return { constant: true, value }
    if (Array.isArray(value)) {
      const items = value.map((item, index) => compile(item, `${pointer}/${index}`))
      if (items.every((item) => item.constant)) return { constant: true, value }
      return { constant: false, evaluate: (scope, meter) => items.map((item) => resolve(item, scope, meter)) }
    }
    const fields = Object.keys(value)
      .filter((key) => key !== '__proto__')
      .map((key) => ({ key, compiled: compile(value[key] ?? null, `${pointer}/${escapePointer(key)}`) }))
    if (fields.every((field) => field.compiled.constant)) return { constant: true, value }
    return {
      constant: false,
      evaluate: (scope, meter) => {
        const made: { [key: string]: Json } = {}
        for (const { key, compiled } of fields) made[key] = resolve(compiled, scope, meter)
        return made
      },
    }
  }

  const compileText = (text: string, pointer: string): Compiled => {
    const result = compileTemplate(text, options)
    if (!result.ok) {
      for (const problem of result.problems) if (problems.length < limits.problems) problems.push({ ...problem, pointer })
      const [first] = result.problems
      const step = { class: 'bad_data', code: first?.code ?? 'expression.syntax', message: first?.message ?? '', pointer } as const
      return { constant: false, evaluate: () => fail(step) }
    }
    const template = result.value
    if (template.constant) return { constant: true, value: text }
    for (const id of template.steps) steps.add(id)
    for (const name of template.vars) vars.add(name)
    for (const field of template.aiFields) if (!aiFields.has(field.name)) aiFields.set(field.name, field)
    return {
      constant: false,
      evaluate: (scope, meter) => {
        try {
          return template.evaluate(scope, meter)
        } catch (error) {
          if (error instanceof NodeError && error.step.pointer === undefined) throw new NodeError({ ...error.step, pointer })
          throw error
        }
      },
    }
  }

  const entries = Object.keys(params)
    .filter((key) => key !== '__proto__')
    .map((key): { key: string; compiled: Compiled } => {
      const value = params[key] ?? null
      const isLiteral = options.literalKeys?.includes(key) === true
      return { key, compiled: isLiteral ? { constant: true, value } : compile(value, `/${escapePointer(key)}`) }
    })

  const evaluate = (scope: Scope, perItem: readonly string[] = []): Record<string, unknown> => {
    const meter = new Meter()
    const made: Record<string, unknown> = {}
    for (const { key, compiled } of entries) {
      made[key] = perItem.includes(key) ? forEachItem(compiled, scope, meter) : resolve(compiled, scope, meter)
    }
    return made
  }
  return { params: { steps: [...steps], vars: [...vars], aiFields: [...aiFields.values()], evaluate }, problems }
}

function forEachItem(compiled: Compiled, scope: Scope, shared: Meter): PerItem {
  return (item, index, safe) => {
    if (compiled.constant) return compiled.value
    const meter = new Meter(shared.left + fuelPerItem)
    try {
      return compiled.evaluate(safe ? { ...scope, item, index, escape: safe } : { ...scope, item, index }, meter)
    } finally {
      shared.left = Math.min(shared.left, meter.left)
    }
  }
}

function resolve(compiled: Compiled, scope: Scope, meter: Meter): Json {
  return compiled.constant ? compiled.value : compiled.evaluate(scope, meter)
}

function fail(step: ConstructorParameters<typeof NodeError>[0]): never {
  throw new NodeError(step)
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
