import { phrase } from '../../words/spoken'
import { escapePointer, findBadJson } from '../find-bad-json'
import { sameJson } from '../same-json'
import type { Graph, Json } from '../schema'
import { type Change, changeValue, endsInList, firstMissing, valueAt } from './change-value'
import { checkNodeSize } from './check-node'
import { changedSince, findNode, nameNodes, nodeGone, type OperationRule, refuse, refuseLocked, replaceNode } from './operation'
import type { Operation, OperationOf, OperationResult } from './schema'

type ValueChange = Pick<OperationOf<'setParam'>, 'nodeId' | 'path' | 'before' | 'after' | 'guarded'>

/** Changes one parameter, or one value inside it. */
export function setParam(graph: Graph, args: OperationOf<'setParam'>): OperationResult<Graph> {
  const node = findNode(graph, args.nodeId)
  if (!node) return nodeGone(args.nodeId)
  const locked = refuseLocked(node)
  if (locked) return locked
  const pointer = pointerOf('params', args.path)
  const result = changeAt(node.params, args, `A field of “${node.title}”`, pointer)
  if (!result.ok) return result
  const changed = { ...node, params: result.value as Record<string, Json> }
  const refusal = checkNodeSize(changed)
  if (refusal) return { ok: false, problem: { ...refusal.problem, pointer } }
  return { ...result, value: replaceNode(graph, changed) }
}

/** The same for params and settings: checks the new value, compares what stands there with what the sender saw, writes. */
export function changeAt(root: Json, args: ValueChange, what: string, pointer: string): OperationResult<Json> {
  const { nodeId, path, before, after } = args
  const [bad] = after === undefined ? findBadJson(Object.fromEntries([[String(path.at(-1)), 0]]), '', 1) : findBadJson(after, pointer, 1)
  if (bad) return refuse(bad.code, bad.message, { nodeId, pointer: bad.pointer })
  const found = valueAt(root, path)
  const change = howToChange(root, args)
  const differs = change.how !== 'insert' && !sameJson(found, before) && !sameJson(found, after)
  if (differs && args.guarded) return { ok: false, problem: changedSince(nodeId, what, pointer) }
  const value = changeValue(root, path, change)
  if (value === null) {
    return refuse('param.path_missing', 'The field that this belongs to was changed in the meantime. Look at it and enter it again.', {
      nodeId,
      pointer,
    })
  }
  return differs ? { ok: true, value, overwrote: [{ nodeId, pointer, expected: before, found }] } : { ok: true, value }
}

/** What takes a change back, made on the value before it; null where it changes nothing. */
export function changeBack(root: Json, args: ValueChange): ValueChange | null {
  const { nodeId, path, after } = args
  const change = howToChange(root, args)
  const value = changeValue(root, path, change)
  if (value === null) return null
  const missing = firstMissing(root, path)
  if (missing !== null) {
    if (change.how === 'take') return null
    const made = path.slice(0, missing)
    return { nodeId, path: made, before: valueAt(value, made), guarded: true }
  }
  const found = valueAt(root, path)
  if (change.how === 'insert') return { nodeId, path, before: after, guarded: true }
  if (change.how === 'take') return found === undefined ? null : { nodeId, path, after: found, guarded: true }
  return { nodeId, path, before: after, ...(found === undefined ? {} : { after: found }), guarded: true }
}

export function pointerOf(root: 'params' | 'settings', path: ValueChange['path']): string {
  return `/${[root, ...path].map(escapePointer).join('/')}`
}

function howToChange(root: Json, { path, before, after }: ValueChange): Change {
  if (after === undefined) return { how: 'take' }
  return before === undefined && endsInList(root, path) ? { how: 'insert', value: after } : { how: 'set', value: after }
}

export const setParamRule: OperationRule<OperationOf<'setParam'>> = {
  apply: setParam,
  invert: (before, args): Operation | null => {
    const node = findNode(before, args.nodeId)
    const back = node && changeBack(node.params, args)
    return back ? { kind: 'setParam', ...back } : null
  },
  describe: ({ nodeId, path }, graph) => phrase`Changed ${String(path[0])} of ${nameNodes([nodeId], graph)}`,
  touches: ({ nodeId, path }) => [`node/${nodeId}${pointerOf('params', path)}`],
}
