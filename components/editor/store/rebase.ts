import { applyOperation, type Operation, type Overwrite } from '@/workflows/graph/operations'
import type { Graph, Problem } from '@/workflows/graph/schema'

export interface Pending {
  opId: string
  operation: Operation
}

/** An edit as the server ordered it. */
export interface Ordered {
  revision: number
  opId: string
  operation: Operation
  clientId?: string
  userId?: string | null
}

export interface Confirmed {
  graph: Graph
  revision: number
}

export type Advanced =
  | { ok: true; confirmed: Confirmed; overwrote: { by: Ordered; overwrite: Overwrite }[] }
  /** A revision is missing or an edit does not fit: only the whole draft helps. */
  | { ok: false }

/** Applies what the server has ordered since, each once, in order. */
export function advance(confirmed: Confirmed, ordered: readonly Ordered[]): Advanced {
  const known = new Map<number, Ordered>()
  for (const one of ordered) if (one.revision > confirmed.revision) known.set(one.revision, one)
  let { graph, revision } = confirmed
  const overwrote: { by: Ordered; overwrite: Overwrite }[] = []
  for (const one of [...known.values()].sort((a, b) => a.revision - b.revision)) {
    if (one.revision !== revision + 1) return { ok: false }
    const result = applyOperation(graph, one.operation)
    if (!result.ok) return { ok: false }
    graph = result.value
    revision = one.revision
    for (const overwrite of result.overwrote ?? []) overwrote.push({ by: one, overwrite })
  }
  return { ok: true, confirmed: { graph, revision }, overwrote }
}

/** What is on screen: the server's graph with the edits it has not seen. Those that fit no longer are named, not lost silently. */
export function rebase(
  graph: Graph,
  pending: readonly Pending[],
  /** What the server may have already, so that it alone says whether it fits; and what it decided before, so that it does not come again. */
  known: { sent: ReadonlySet<string>; decided: ReadonlySet<string> } = { sent: new Set(), decided: new Set() },
): { graph: Graph; kept: Pending[]; refused: { pending: Pending; problem: Problem }[] } {
  const kept: Pending[] = []
  const refused: { pending: Pending; problem: Problem }[] = []
  let now = graph
  for (const one of pending) {
    if (known.decided.has(one.opId)) {
      kept.push(one)
      continue
    }
    const result = applyOperation(now, one.operation)
    if (result.ok) {
      now = result.value
      kept.push(one)
    } else if (known.sent.has(one.opId)) kept.push(one)
    else refused.push({ pending: one, problem: result.problem })
  }
  return { graph: now, kept, refused }
}

/** Two edits of one field in a row as one; null where they are not that. */
export function merge(earlier: Operation, later: Operation): Operation | null {
  if (earlier.kind === 'setParam' && later.kind === 'setParam' && samePlace(earlier, later)) return withBefore(later, earlier)
  if (earlier.kind === 'setSetting' && later.kind === 'setSetting' && samePlace(earlier, later)) return withBefore(later, earlier)
  if (
    earlier.kind === 'renameNode' &&
    later.kind === 'renameNode' &&
    earlier.nodeId === later.nodeId &&
    earlier.title &&
    later.title &&
    !earlier.key &&
    !later.key
  )
    return { ...later, title: { before: earlier.title.before, after: later.title.after } }
  return null
}

type ValueEdit = { nodeId: string; path: (string | number)[]; before?: unknown; after?: unknown; guarded?: boolean | undefined }

function samePlace(a: ValueEdit, b: ValueEdit) {
  // An absent value means that a place in a list comes or goes: such edits must not melt into one.
  const sets = (edit: ValueEdit) => edit.after !== undefined && !edit.guarded
  return a.nodeId === b.nodeId && a.path.join('/') === b.path.join('/') && sets(a) && sets(b) && b.before !== undefined
}

function withBefore<Edit extends ValueEdit>(later: Edit, earlier: ValueEdit): Edit {
  const { before: _seen, ...rest } = later
  return (earlier.before === undefined ? rest : { ...rest, before: earlier.before }) as Edit
}
