import { useQueries } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { Graph, GraphNode, Json } from '@/workflows/graph/schema'
import { upstreamOf } from '@/workflows/graph/upstream-of'
import { catalogue } from '@/workflows/nodes/catalogue'
import { useDraft, useEditor, useFacts, useUi } from './editor-context'
import { type NodeScope, scopeOf } from './scope-of'

const parse = ({ text }: { text: string }) => JSON.parse(text) as Json

/** Outputs of which only the beginning came with the results, loaded whole while somebody looks at them. */
export function useWholeOutputs(nodeIds: readonly string[]): { values: ReadonlyMap<string, Json>; loading: boolean } {
  const trpc = useTRPC()
  const { workflow } = useEditor()
  const { results } = useFacts()
  // Of one item's values the beginning is all that is shown here.
  const wanted = nodeIds.filter((id) => (results.get(id)?.outputBytes ?? null) !== null && !results.get(id)?.iteration)
  const answers = useQueries({
    queries: wanted.map((nodeId) =>
      trpc.drafts.value.queryOptions({ workflowId: workflow.id, nodeId }, { select: parse, staleTime: 300_000 }),
    ),
  })
  const kept = useRef<ReadonlyMap<string, Json>>(new Map())
  const values = new Map(
    wanted.flatMap((id, index): [string, Json][] => (answers[index]?.data === undefined ? [] : [[id, answers[index].data]])),
  )
  // The same values are the same map, so that nothing is worked out again.
  if (values.size !== kept.current.size || [...values].some(([id, value]) => kept.current.get(id) !== value)) kept.current = values
  return { values: kept.current, loading: answers.some((answer) => answer.isPending) }
}

/** What a node's expressions see; the same object until something that they can see changes, so typing costs no new previews. */
export function useNodeScope(
  node: Pick<GraphNode, 'id'>,
  item: number | null,
  iteration: number,
): NodeScope & { loading: boolean; nodes: readonly GraphNode[] } {
  const { workflow } = useEditor()
  const { results, variables } = useFacts()
  const held = useUi((state) => (state.stopped?.left ? null : (state.stopped?.held ?? null)))
  const stable = useStableGraph(node.id)
  const before = useMemo(() => [...upstreamOf(stable, node.id)], [stable, node.id])
  const whole = useWholeOutputs(before)
  const { id, name } = workflow
  // Only the list's own parameter says which items there are.
  const list = useDraft(({ graph }) => {
    const params = graph.nodes.find((one) => one.id === node.id)?.params
    return JSON.stringify(params?.list ?? params?.items ?? null)
  })
  const scope = useMemo(() => {
    const own = { id: node.id, params: { list: JSON.parse(list) as Json } }
    return scopeOf({ graph: stable, node: own, results, variables, workflow: { id, name }, whole: whole.values, item, iteration, held })
  }, [stable, node.id, list, results, variables, id, name, whole.values, item, iteration, held])
  const { loading } = whole
  return useMemo(() => ({ ...scope, loading, nodes: stable.nodes }), [scope, loading, stable.nodes])
}

/** The graph as expressions of a step know it: another one only when steps come, go, are connected or named otherwise, or a loop's list changes. */
function useStableGraph(nodeId: string): Graph {
  const kept = useRef<Graph>(null)
  return useDraft(({ graph }) => {
    if (!kept.current || !isSameToExpressions(kept.current, graph, nodeId)) kept.current = graph
    return kept.current
  })
}

function isSameToExpressions(one: Graph, other: Graph, nodeId: string) {
  if (one === other) return true
  return (
    one.edges === other.edges &&
    one.nodes.length === other.nodes.length &&
    other.nodes.every((node, index) => {
      const before = one.nodes[index]
      return (
        before === node ||
        (before?.id === node.id &&
          before.key === node.key &&
          before.title === node.title &&
          before.type === node.type &&
          before.parent === node.parent &&
          (node.id === nodeId || before.params === node.params || !handsOutItems(node)))
      )
    })
  )
}

function handsOutItems(node: GraphNode): boolean {
  const definition = definitionOf(node, catalogue)
  return definition?.kind === 'control' && definition.body?.gives.includes('item') === true
}
