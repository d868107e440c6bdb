import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { type DraftFacts, type DraftResult, useDraft, useEditor, useFacts, useUi } from './editor-context'
import { loopOf, shownIteration, withIteration } from './iteration-of'
import { worksOnItems } from './scope-of'

const nothingYet: readonly DraftResult[] = []

/** The facts as they are for one item of the loop around a step: what its steps gave there, not for the item that is shown elsewhere. */
export function useFactsOfItem(nodeId: string, item: number | null): { facts: DraftFacts; iteration: number } {
  const trpc = useTRPC()
  const { workflow } = useEditor()
  const facts = useFacts()
  const { results } = facts
  const isHeld = useUi((state) => state.stopped?.held !== undefined && !state.stopped.left)
  // The item chosen of a step's own list is none of the loop's.
  const loopId = useDraft(({ graph }) => (worksOnItems(graph, nodeId) ? null : loopOf(graph, nodeId)))
  const shown = useMemo(() => (loopId === null || isHeld ? null : shownIteration(results, loopId)), [results, loopId, isHeld])
  const differs = loopId !== null && shown !== null && item !== null && item !== shown
  const answer = useQuery(
    trpc.drafts.iteration.queryOptions({ workflowId: workflow.id, nodeId: loopId ?? '', index: item ?? 0 }, { enabled: differs }),
  )
  const rows = answer.data?.results ?? nothingYet
  const ofItem = useMemo(
    () => (differs ? { ...facts, results: withIteration(results, loopId, rows) } : facts),
    [differs, facts, results, loopId, rows],
  )
  return { facts: ofItem, iteration: (differs ? item : shown) ?? 0 }
}
