'use client'

import { startTransition, useEffect, useRef, useState } from 'react'
import { isTyping } from '@/components/frame/is-typing'
import { whenIdle } from '@/components/ui/when-idle'
import type { Graph, GraphEdge, GraphNode, Problem } from '@/workflows/graph/schema'
import type { Surroundings } from '@/workflows/graph/validate'
import { spoken } from '@/workflows/words/spoken'
import type { CheckAnswer, CheckQuestion } from './check-worker'
import { useEditor } from './editor-context'

/** An edit is checked when the next one has not come within this time. */
const restMs = 60
/**
 * Edits that come one after the other, as letters do, are checked in their pauses: each check is work beside the typing. Whoever stands in
 * a field is about to type on, so the first letter waits as long as the others.
 */
const burstMs = 250

/** What is wrong with the draft, found in a thread of its own: a large graph takes longer to check than a frame lasts. */
export function useProblems(surroundings: Surroundings): readonly Problem[] {
  const { editor } = useEditor()
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const checker = useRef<Checker | null>(null)
  useEffect(() => {
    // What is wrong is said behind what is typed.
    checker.current = createChecker((found) =>
      startTransition(() => setProblems(found.map((one) => ({ ...one, message: spoken(one.message) })))),
    )
    return () => checker.current?.stop()
  }, [])
  // Asked beside React: an edit draws nothing here.
  useEffect(() => {
    checker.current?.ask(editor.getState().graph, surroundings)
    return editor.subscribe((now, before) => {
      if (now.graph !== before.graph) checker.current?.ask(now.graph, surroundings)
    })
  }, [editor, surroundings])
  return problems
}

type Checker = ReturnType<typeof createChecker>

interface Wanted {
  graph: Graph
  surroundings: Surroundings
}

function createChecker(answer: (problems: readonly Problem[]) => void) {
  let worker: Worker | null = null
  let sent: { nodes: readonly GraphNode[]; edges: readonly GraphEdge[] } = { nodes: [], edges: [] }
  let told: Surroundings | null = null
  let askedAt = 0
  let due = false
  let wanted: Wanted | null = null
  let last: Wanted | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let busy = false
  let alone = false
  /** The canvas comes first: the checker is as much code again, and a graph that nobody sees yet needs no check. */
  let resting = false
  const stopWaiting = whenIdle(() => {
    resting = true
    send()
  })
  function start() {
    const made = new Worker(new URL('./check-worker.ts', import.meta.url), { type: 'module' })
    made.onmessage = ({ data }: MessageEvent<CheckAnswer>) => {
      busy = false
      if (data) answer(data)
      send()
    }
    // Where no thread can be started, the page checks by itself: slower, and right.
    made.onerror = () => {
      alone = true
      busy = false
      if (last) ask(last.graph, last.surroundings)
    }
    return made
  }
  function send() {
    if (!wanted || busy || !resting || !due) return
    const { graph, surroundings } = wanted
    last = wanted
    wanted = null
    if (alone) {
      void import('@/workflows/graph/validate').then(({ validate }) => answer(validate(graph, undefined, surroundings)))
      return
    }
    busy = true
    const inPlace =
      graph.nodes.length === sent.nodes.length &&
      graph.nodes.every((node, index) => node === sent.nodes[index] || node.id === sent.nodes[index]?.id)
    const known = inPlace ? null : new Set(sent.nodes)
    worker ??= start()
    worker.postMessage({
      changed: graph.nodes.filter((node, index) => (known ? !known.has(node) : node !== sent.nodes[index])),
      ids: inPlace ? null : graph.nodes.map((node) => node.id),
      edges: graph.edges === sent.edges ? null : graph.edges,
      settings: graph.settings,
      surroundings: surroundings === told ? null : surroundings,
    } satisfies CheckQuestion)
    sent = graph
    told = surroundings
  }
  function ask(graph: Graph, surroundings: Surroundings) {
    wanted = { graph, surroundings }
    clearTimeout(timer)
    const now = performance.now()
    due = false
    timer = setTimeout(
      () => {
        due = true
        send()
      },
      now - askedAt < burstMs || isTyping(document.activeElement) ? burstMs : restMs,
    )
    askedAt = now
  }
  return {
    ask,
    stop: () => {
      clearTimeout(timer)
      stopWaiting()
      worker?.terminate()
    },
  }
}
