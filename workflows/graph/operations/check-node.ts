import { limits } from '../../limits'
import { type Catalogue, definitionOf } from '../catalogue'
import { findBadJson } from '../find-bad-json'
import type { GraphNode, Problem } from '../schema'
import { refuse } from './operation'

/** Whether a node may enter a graph: its type is known, its values can be stored and it is not too large. Null when it may. */
export function checkNode(node: GraphNode, catalogue: Catalogue): { ok: false; problem: Problem } | null {
  if (!definitionOf(node, catalogue)) {
    return refuse('node.unknown_type', `There is no node type “${node.type}” in version ${node.version} here. Choose one from the list.`, {
      nodeId: node.id,
    })
  }
  const [bad] = findBadJson(node, '', 1)
  if (bad) return refuse(bad.code, bad.message, { nodeId: node.id, pointer: bad.pointer })
  return checkNodeSize(node)
}

export function checkNodeSize(node: GraphNode): { ok: false; problem: Problem } | null {
  if (byteLength(JSON.stringify(node)) <= limits.nodeBytes) return null
  return refuse('node.too_large', `A node holds at most ${limits.nodeBytes / 1024} KB. Shorten its texts or keep them in a variable.`, {
    nodeId: node.id,
  })
}

export function byteLength(text: string): number {
  return text.length * 3 <= limits.nodeBytes ? text.length : new TextEncoder().encode(text).length
}
