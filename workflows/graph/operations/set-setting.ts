import { phrase } from '../../words/spoken'
import { type Graph, type Json, nodeSettingsSchema } from '../schema'
import { findNode, nameNodes, nodeGone, type OperationRule, refuse, refuseLocked, replaceNode } from './operation'
import type { Operation, OperationOf, OperationResult } from './schema'
import { changeAt, changeBack, pointerOf } from './set-param'

/** Changes one of the settings that every node has: retry, time-out, on error, note. */
export function setSetting(graph: Graph, args: OperationOf<'setSetting'>): OperationResult<Graph> {
  const node = findNode(graph, args.nodeId)
  if (!node) return nodeGone(args.nodeId)
  const locked = refuseLocked(node)
  if (locked) return locked
  const pointer = pointerOf('settings', args.path)
  const result = changeAt(node.settings as Json, args, `A setting of “${node.title}”`, pointer)
  if (!result.ok) return result
  const settings = nodeSettingsSchema.safeParse(result.value)
  if (!settings.success) {
    const reason = settings.error.issues[0]?.message ?? 'it is not known here'
    return refuse('setting.invalid', `This setting cannot be used: ${reason}.`, { nodeId: node.id, pointer })
  }
  return { ...result, value: replaceNode(graph, { ...node, settings: result.value as typeof node.settings }) }
}

export const setSettingRule: OperationRule<OperationOf<'setSetting'>> = {
  apply: setSetting,
  invert: (before, args): Operation | null => {
    const node = findNode(before, args.nodeId)
    const back = node && changeBack(node.settings as Json, args)
    return back ? { kind: 'setSetting', ...back } : null
  },
  describe: ({ nodeId }, graph) => phrase`Changed the settings of ${nameNodes([nodeId], graph)}`,
  touches: ({ nodeId, path }) => [`node/${nodeId}${pointerOf('settings', path)}`],
}
