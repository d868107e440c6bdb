import type { z } from 'zod'
import type { FieldHint, NodeDefinition } from '../nodes/define'
import { escapePointer } from './find-bad-json'
import { holdsExpression } from './inspect-params'
import { valueAt } from './operations/change-value'
import type { GraphNode, Json, Problem } from './schema'

type Credentials = ReadonlyMap<string, { type: string }>

/** Parameters that are missing or cannot be right whatever the data, and what the definition itself says against them. */
export function validateParams(node: GraphNode, definition: NodeDefinition, credentials?: Credentials): Problem[] {
  const found: Problem[] = []
  const add = (code: string, pointer: string, message: string, severity: Problem['severity'] = 'error') => {
    if (found.some((other) => other.pointer === pointer)) return
    found.push({ code, severity, nodeId: node.id, pointer, message })
  }
  const form: Record<string, FieldHint> = definition.form
  const parsed = definition.params.safeParse(node.params)
  for (const issue of parsed.success ? [] : parsed.error.issues) {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
    const pointer = `/params${path.map((part) => `/${escapePointer(part)}`).join('')}`
    if (isEvaluatedLater(node.params, path, form)) continue
    const label = form[String(path[0] ?? '')]?.label ?? 'A field'
    const value = valueAt(node.params, path)
    if (issue.code === 'unrecognized_keys') {
      const [key = ''] = issue.keys
      add('param.unknown', `${pointer}/${escapePointer(key)}`, `“${node.title}” has no field called “${key}”. Remove it.`)
    } else if (value === undefined || value === '' || value === null) {
      add('param.required', pointer, `“${label}” of “${node.title}” is missing. ${sentenceOf(issue, 'Fill it in.')}`)
    } else {
      add('param.invalid', pointer, `“${label}” of “${node.title}” is not right. ${sentenceOf(issue, 'Correct it.')}`)
    }
  }
  for (const [param, hint] of Object.entries(form)) {
    const value = node.params[param]
    if (!isShown(hint, node, definition)) continue
    if (hint.widget === 'credential') checkCredential(node, param, hint, value, credentials, add)
    if (hint.widget === 'model' && value === '') {
      add(
        'agent.no_model',
        `/params/${escapePointer(param)}`,
        `“${node.title}” has no model. Choose one, or the practice model to try it first.`,
      )
    }
  }
  for (const { pointer, message, code, severity } of safeCheck(definition, node)) {
    const at = /^\/(params|settings|key|title)(\/|$)/.test(pointer) ? pointer : `/params${pointer}`
    add(code ?? 'param.invalid', at, message, severity)
  }
  return found
}

function checkCredential(
  node: GraphNode,
  param: string,
  hint: FieldHint,
  value: Json | undefined,
  credentials: Credentials | undefined,
  add: (code: string, pointer: string, message: string) => void,
): void {
  if (value === undefined || value === null || value === '') return
  const pointer = `/params/${escapePointer(param)}`
  if (typeof value !== 'string' || value.includes('{{')) {
    add('credential.expression', pointer, `The credential of “${node.title}” cannot come from an expression. Choose one from the list.`)
    return
  }
  if (!credentials) return
  const credential = credentials.get(value)
  if (!credential) {
    add('credential.unknown', pointer, `The credential of “${node.title}” was removed or may not be used here. Choose another one.`)
  } else if (hint.credentialTypes && !hint.credentialTypes.includes(credential.type)) {
    add('credential.wrong_type', pointer, `The credential of “${node.title}” is of a kind that does not fit. Choose another one.`)
  }
}

/** A value that holds an expression, or lies inside one, is only known while the workflow runs. */
function isEvaluatedLater(params: Record<string, Json>, path: readonly (string | number)[], form: Record<string, FieldHint>): boolean {
  if (form[String(path[0] ?? '')]?.literal) return false
  for (let length = 1; length < path.length; length++) {
    const above = valueAt(params, path.slice(0, length))
    if (typeof above === 'string') return above.includes('{{')
  }
  return holdsExpression(valueAt(params, path))
}

function isShown(hint: FieldHint, node: GraphNode, definition: NodeDefinition): boolean {
  if (!hint.showIf) return true
  const { param, is } = hint.showIf
  const value = node.params[param] ?? defaultOf(definition, param)
  return is.some((one) => one === value)
}

function defaultOf(definition: NodeDefinition, param: string): unknown {
  const field = (definition.params.shape as Record<string, z.ZodType | undefined>)[param]
  const parsed = field?.safeParse(undefined)
  return parsed?.success ? parsed.data : undefined
}

function sentenceOf(issue: z.core.$ZodIssue, otherwise: string): string {
  // Zod's own wording speaks of types; sentences in the definitions end with a full stop.
  return issue.message.endsWith('.') ? issue.message : otherwise
}

function safeCheck(definition: NodeDefinition, node: GraphNode): ReturnType<NonNullable<NodeDefinition['check']>> {
  try {
    return definition.check?.(node.params, node) ?? []
  } catch {
    return [{ pointer: '/params', message: `The fields of “${node.title}” cannot be checked. Open it and enter them again.` }]
  }
}
