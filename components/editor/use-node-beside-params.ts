import { useRef } from 'react'
import type { GraphNode } from '@/workflows/graph/schema'

export type NodeBesideParams = Omit<GraphNode, 'params' | 'position'>

/** The node for what reads nothing of its parameters: the same object while only those change, so that a key in a field draws that field alone. */
export function useNodeBesideParams(node: GraphNode): NodeBesideParams {
  const kept = useRef<NodeBesideParams>(node)
  const names = new Set([...Object.keys(node), ...Object.keys(kept.current)]) as Set<keyof GraphNode>
  const same = [...names].every((name) => name === 'params' || name === 'position' || node[name] === (kept.current as GraphNode)[name])
  if (!same) kept.current = node
  return kept.current
}
