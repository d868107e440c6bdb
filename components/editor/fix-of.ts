import { toStored } from '@/workflows/graph/expressions'
import { inOwnWords } from '@/workflows/graph/expressions/elsewhere'
import { closest } from '@/workflows/graph/expressions/suggest'
import { makeKey } from '@/workflows/graph/make-key'
import type { Operation } from '@/workflows/graph/operations'
import type { Graph, GraphNode, Json, Problem } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { FieldHint } from '@/workflows/nodes/define'

export interface Fix {
  kind: 'disconnect' | 'remove' | 'failRun' | 'https' | 'clear' | 'readInput' | 'readStep' | 'ownWords' | 'useField' | 'useCredential'
  /** What the button names: a step, a field, a credential. */
  name?: string
  operation: Operation
}

interface Around {
  credentials: readonly { id: string; name: string; type: string }[]
}

/** The edit that makes a problem go away, where there is only one. */
export function fixOf(problem: Problem, graph: Graph, around: Around = { credentials: [] }): Fix | null {
  if (problem.edgeId && graph.edges.some((edge) => edge.id === problem.edgeId))
    return { kind: 'disconnect', operation: { kind: 'disconnect', edgeIds: [problem.edgeId] } }
  const node = graph.nodes.find((one) => one.id === problem.nodeId)
  if (!node) return null
  if (['node.unknown_type', 'node.unreachable'].includes(problem.code))
    return { kind: 'remove', operation: { kind: 'removeNodes', nodeIds: [node.id] } }
  if (problem.code === 'node.error_port_unused')
    return {
      kind: 'failRun',
      operation: { kind: 'setSetting', nodeId: node.id, path: ['onError'], before: node.settings.onError, after: 'fail' },
    }
  const path = problem.pointer?.startsWith('/params/') ? pathOf(problem.pointer.slice('/params/'.length), node.params) : null
  if (!path) return null
  const value = at(node.params, path)
  const change = (after: Json | undefined): Operation => ({
    kind: 'setParam',
    nodeId: node.id,
    path,
    ...(value === undefined ? {} : { before: value }),
    ...(after === undefined ? {} : { after }),
  })
  switch (problem.code) {
    case 'http.url':
      return typeof value === 'string' ? { kind: 'https', operation: change(`https://${value.trim().replace(/^\/+/, '')}`) } : null
    case 'param.unknown':
      return { kind: 'clear', operation: change(undefined) }
    case 'expression.own_output':
      return typeof value === 'string' ? { kind: 'readInput', operation: change(value.replaceAll(`steps.$${node.id}`, 'input')) } : null
    case 'expression.unknown_step':
      return typeof value === 'string' ? readStep(value, node, graph, change) : null
    case 'expression.unknown_name':
    case 'expression.unknown_function':
      return typeof value === 'string' ? ownWords(value, graph, change) : null
    case 'expression.unknown_field':
      return typeof value === 'string' && problem.instead ? readField(value, problem.instead, change) : null
    case 'credential.unknown':
    case 'credential.wrong_type':
    case 'param.required':
      return onlyCredential(node, String(path[0]), around, change)
    default:
      return null
  }
}

/** The step whose name is nearest to the one that was typed. */
function readStep(text: string, node: GraphNode, graph: Graph, change: (after: Json) => Operation): Fix | null {
  const keys = graph.nodes.filter((one) => one.id !== node.id).map((one) => one.key)
  for (const [, name = ''] of text.matchAll(/\bsteps\.([a-z_][\w]*)/gi)) {
    if (graph.nodes.some((one) => one.key === name)) continue
    const meant = graph.nodes.find((one) => one.key === closest(name, keys))
    if (meant) {
      const after = text.replace(new RegExp(`\\bsteps\\.${name}\\b`, 'g'), `steps.$${meant.id}`)
      return { kind: 'readStep', name: meant.title, operation: change(after) }
    }
  }
  return null
}

/** The field that is there, in place of the one that was misspelt. */
function readField(text: string, { at, was, words }: NonNullable<Problem['instead']>, change: (after: Json) => Operation): Fix | null {
  const end = at + was.length
  if (text.slice(at, end) !== was) return null
  return { kind: 'useField', name: words, operation: change(text.slice(0, at) + words + text.slice(end)) }
}

/** What was written as another product would read it. */
function ownWords(text: string, graph: Graph, change: (after: Json) => Operation): Fix | null {
  const keyOf = (title: string) => graph.nodes.find((one) => one.title === title)?.key ?? makeKey(title)
  const after = toStored(inOwnWords(text, keyOf), graph)
  return after === text ? null : { kind: 'ownWords', operation: change(after) }
}

/** The only credential that fits. */
function onlyCredential(node: GraphNode, param: string, around: Around, change: (after: Json) => Operation): Fix | null {
  const hint = (catalogue.get(node.type)?.form as Record<string, FieldHint> | undefined)?.[param]
  if (hint?.widget !== 'credential') return null
  const fitting = around.credentials.filter((one) => !hint.credentialTypes || hint.credentialTypes.includes(one.type))
  const [only] = fitting
  return only && fitting.length === 1 ? { kind: 'useCredential', name: only.name, operation: change(only.id) } : null
}

/** A JSON Pointer as a path; numbers where it goes into a list. */
function pathOf(pointer: string, params: Record<string, Json>): (string | number)[] {
  const path: (string | number)[] = []
  for (const part of pointer.split('/').map((one) => one.replaceAll('~1', '/').replaceAll('~0', '~'))) {
    path.push(Array.isArray(at(params, path)) ? Number(part) : part)
  }
  return path
}

function at(value: Json, path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((one, part) => {
    if (one === null || typeof one !== 'object') return undefined
    return Object.hasOwn(one, part) ? (one as Record<string | number, Json>)[part] : undefined
  }, value)
}
