import type { Expression } from 'acorn'
import type { AiField, ExpressionProblem } from './compiled'
import type { Run } from './environment'
import type { Place } from './failure'

/** State of one compilation. Problems are collected; a part with a problem compiles to a closure that is never run. */
export interface Compiler {
  /** What stands between the braces. */
  source: string
  /** Where it begins in the whole text. */
  offset: number
  problems: ExpressionProblem[]
  /** Node id by readable key, so that a typed key works before it is stored. */
  idByKey: ReadonlyMap<string, string>
  steps: Set<string>
  stepNames: Set<string>
  vars: Set<string>
  roots: Set<string>
  aiFields: AiField[]
  /** Arrow parameters in reach, innermost last. */
  locals: { name: string; slot: number }[]
  slots: number
  nesting: number
  height: number
  compile(node: Expression): Run
  /** The same one level deeper. */
  inner(node: Expression): Run
}

interface Ranged {
  start: number
  end: number
}

export const never: Run = () => {
  throw new Error('An expression with problems was run.')
}

export function placeOf(compiler: Compiler, node: Ranged): Place {
  return { start: compiler.offset + node.start, end: compiler.offset + node.end, source: compiler.source.slice(node.start, node.end) }
}

export function report(compiler: Compiler, node: Ranged, code: string, message: string): Run {
  const { start, end } = placeOf(compiler, node)
  compiler.problems.push({ code: `expression.${code}`, message, start, end })
  return never
}

export function localSlot(compiler: Compiler, name: string): number | undefined {
  return compiler.locals.findLast((local) => local.name === name)?.slot
}
