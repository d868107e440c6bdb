import { compileTemplate, previewTemplate, referencesOf, type Scope } from '@/workflows/graph/expressions'
import type { Json } from '@/workflows/graph/schema'

export type FieldPreview =
  | { kind: 'none' }
  | { kind: 'value'; value: Json }
  /** Nothing to show yet: the steps it reads were never tested. */
  | { kind: 'no-data'; nodeIds: readonly string[] }
  /** A text that is still being typed. */
  | { kind: 'unfinished' }
  | { kind: 'problem'; message: string; hint?: string }

/** Steps whose data is only an example from the catalogue; `input`, `trigger` and `item` stand for where those come from. */
export type Examples = ReadonlySet<string>

const noExamples: Examples = new Set()
/** Of each scope the last texts: the value below a field and the verdict beside it ask for the same. */
const recent = new WeakMap<Scope, { examples: Examples; previews: Map<string, FieldPreview> }>()
const recentTexts = 12

/** What a text gives with the data there is; an example is never shown as if it were a result. */
export function previewOf(text: string, scope: Scope, examples: Examples = noExamples): FieldPreview {
  if (!text.includes('{{')) return { kind: 'none' }
  const kept = recent.get(scope)
  const previews = kept?.examples === examples ? kept.previews : new Map<string, FieldPreview>()
  if (kept?.previews !== previews) recent.set(scope, { examples, previews })
  const known = previews.get(text)
  if (known) return known
  const preview = workOut(text, scope, examples)
  const [oldest] = previews.keys()
  if (previews.size >= recentTexts && oldest !== undefined) previews.delete(oldest)
  previews.set(text, preview)
  return preview
}

function workOut(text: string, scope: Scope, examples: Examples): FieldPreview {
  const compiled = compileTemplate(text, scope.keys ? { keys: scope.keys } : {})
  if (compiled.ok && compiled.value.aiFields.length > 0) return { kind: 'none' }
  if (compiled.ok) {
    const missing = compiled.value.steps.filter((id) => !Object.hasOwn(scope.steps, id) || examples.has(id))
    const roots = new Set(referencesOf(text).map((reference) => reference.root))
    const unknown = (['input', 'trigger', 'item'] as const).filter((root) => roots.has(root) && examples.has(root))
    if (missing.length > 0 || unknown.length > 0) return { kind: 'no-data', nodeIds: [...missing, ...unknown] }
  }
  const preview = previewTemplate(text, scope)
  if (preview.ok) return { kind: 'value', value: preview.value }
  const { code, message, hint } = preview.problem
  if (code === 'expression.unclosed' || code === 'expression.empty') return { kind: 'unfinished' }
  return { kind: 'problem', message, hint }
}
