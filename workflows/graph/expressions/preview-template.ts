import { NodeError } from '../../nodes/errors'
import type { Json } from '../schema'
import { compileTemplate } from './compile-template'
import type { ExpressionProblem } from './compiled'
import type { Scope } from './scope'

export type Preview = { ok: true; value: Json } | { ok: false; problem: ExpressionProblem & { hint?: string } }

/** What a text gives with this data. Never throws; takes text as typed or as stored. */
export function previewTemplate(text: string, scope: Scope): Preview {
  try {
    const compiled = compileTemplate(text, scope.keys ? { keys: scope.keys } : {})
    if (compiled.ok) return { ok: true, value: compiled.value.evaluate(scope) }
    const [first] = compiled.problems
    return { ok: false, problem: first ?? { code: 'expression.syntax', message: 'This cannot be read.', start: 0, end: text.length } }
  } catch (error) {
    if (!(error instanceof NodeError)) {
      return { ok: false, problem: { code: 'expression.internal', message: 'This could not be computed.', start: 0, end: text.length } }
    }
    const { code, message, hint, details } = error.step
    const at = (name: string, fallback: number) =>
      typeof details === 'object' && details !== null && !Array.isArray(details) && typeof details[name] === 'number'
        ? details[name]
        : fallback
    return { ok: false, problem: { code, message, start: at('start', 0), end: at('end', text.length), ...(hint ? { hint } : {}) } }
  }
}
