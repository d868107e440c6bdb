import { useRef } from 'react'
import type { GraphNode } from '@/workflows/graph/schema'
import { useDraft } from './editor-context'

export type NodeBesideParams = Omit<GraphNode, 'params' | 'position'>

/**
 * A node for what reads nothing of its parameters: the same object while only those change, so that a key in a field draws that field
 * alone.
 */
export function useNodeBesideParams(id: string | null): NodeBesideParams | undefined {
  const kept = useRef<NodeBesideParams>(undefined)
  return useDraft(({ graph }) => {
    const node = graph.nodes.find((one) => one.id === id)
    if (!node || !kept.current || !isSameBesideParams(kept.current, node)) kept.current = node
    return kept.current
  })
}

function isSameBesideParams(one: NodeBesideParams, other: NodeBesideParams) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof GraphNode>
  return [...names].every((name) => name === 'params' || name === 'position' || (one as GraphNode)[name] === (other as GraphNode)[name])
}
