import type { Graph, GraphNode } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { Editor } from './store/create-editor'
import type { Ui } from './store/ui'

const keyOf = (userId: string, workflowId: string) => `millrace:breakpoints:${userId}:${workflowId}`

/** Where this person's tests of a draft stop; it stands beside the draft, never in it. */
export function keptBreakpoints(userId: string, workflowId: string): ReadonlySet<string> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(keyOf(userId, workflowId)) ?? '[]')
    return new Set(Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [])
  } catch {
    return new Set()
  }
}

export function keepBreakpoints(userId: string, workflowId: string, breakpoints: ReadonlySet<string>) {
  try {
    if (breakpoints.size === 0) localStorage.removeItem(keyOf(userId, workflowId))
    else localStorage.setItem(keyOf(userId, workflowId), JSON.stringify([...breakpoints]))
  } catch {
    // Storage is full or forbidden: they hold for this visit.
  }
}

/** What starts a run cannot be stopped before. */
export function mayStopBefore(node: GraphNode): boolean {
  const kind = catalogue.get(node.type)?.kind
  return kind === 'pure' || kind === 'effect' || kind === 'control'
}

/** Set where there are none among the chosen, else taken away. */
export function toggled(breakpoints: ReadonlySet<string>, chosen: Iterable<string>, graph: Graph): ReadonlySet<string> | null {
  const possible = new Set(graph.nodes.filter(mayStopBefore).map((node) => node.id))
  const may = (id: string) => possible.has(id)
  const ids = [...chosen].filter(may)
  if (ids.length === 0) return null
  const next = new Set([...breakpoints].filter(may))
  const all = ids.every((id) => next.has(id))
  for (const id of ids) {
    if (all) next.delete(id)
    else next.add(id)
  }
  return next
}

export function toggleBreakpoint(editor: Editor, ui: Ui, chosen: Iterable<string>): boolean {
  const next = editor.readOnly ? null : toggled(ui.getState().breakpoints, chosen, editor.getState().graph)
  if (next) ui.setState({ breakpoints: next })
  return next !== null
}
