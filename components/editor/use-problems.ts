'use client'

import { useEffect, useRef, useState } from 'react'
import type { Graph, GraphEdge, GraphNode, Problem } from '@/workflows/graph/schema'
import type { Surroundings } from '@/workflows/graph/validate'
import type { CheckAnswer, CheckQuestion } from './check-worker'

/** An edit is checked when the next one has not come within this time. */
const restMs = 60

/** What is wrong with the draft, found in a thread of its own: a large graph takes longer to check than a frame lasts. */
export function useProblems(graph: Graph, surroundings: Surroundings): readonly Problem[] {
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const checker = useRef<Checker | null>(null)
  useEffect(() => {
    checker.current = createChecker(setProblems)
    return () => checker.current?.stop()
  }, [])
  useEffect(() => checker.current?.ask(graph, surroundings), [graph, surroundings])
  return problems
}

type Checker = ReturnType<typeof createChecker>

function createChecker(answer: (problems: readonly Problem[]) => void) {
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { type: 'module' })
  let sent: { nodes: readonly GraphNode[]; edges: readonly GraphEdge[] } = { nodes: [], edges: [] }
  let wanted: { graph: Graph; surroundings: Surroundings } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let busy = false
  worker.onmessage = ({ data }: MessageEvent<CheckAnswer>) => {
    busy = false
    if (data) answer(data)
    if (wanted) send()
  }
  function send() {
    if (!wanted || busy) return
    const { graph, surroundings } = wanted
    wanted = null
    busy = true
    const known = new Set(sent.nodes)
    worker.postMessage({
      changed: graph.nodes.filter((node) => !known.has(node)),
      ids: graph.nodes.map((node) => node.id),
      edges: graph.edges === sent.edges ? null : graph.edges,
      surroundings,
    } satisfies CheckQuestion)
    sent = graph
  }
  return {
    ask: (graph: Graph, surroundings: Surroundings) => {
      wanted = { graph, surroundings }
      clearTimeout(timer)
      timer = setTimeout(send, restMs)
    },
    stop: () => {
      clearTimeout(timer)
      worker.terminate()
    },
  }
}
