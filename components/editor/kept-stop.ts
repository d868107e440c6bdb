import type { StoppedTest } from './stopped-test'

const keyOf = (userId: string, workflowId: string) => `millrace:stopped:${userId}:${workflowId}`

/** Where a test of this tab stands still outlives a reload: what it gave is kept with the draft, and going on is another run from there. */
export function keepStopped(userId: string, workflowId: string, stopped: StoppedTest | null): void {
  try {
    if (stopped === null) sessionStorage.removeItem(keyOf(userId, workflowId))
    else
      sessionStorage.setItem(
        keyOf(userId, workflowId),
        JSON.stringify({ ...stopped, taken: [...stopped.taken], changed: [...stopped.changed] }),
      )
  } catch {
    // Storage is full or forbidden: it holds until the page is left.
  }
}

/** Null where none is kept, or a step that it stands before is gone. */
export function keptStopped(userId: string, workflowId: string, nodeIds: ReadonlySet<string>): StoppedTest | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(userId, workflowId)) ?? 'null')
    if (!isKept(kept) || kept.at.length === 0 || ![kept.nodeId, ...kept.at].every((id) => nodeIds.has(id))) return null
    const { held, ...rest } = kept
    const stopped: StoppedTest = { ...rest, taken: new Map(kept.taken), changed: new Map(kept.changed) }
    return held ? { ...stopped, held: revived(held) } : stopped
  } catch {
    return null
  }
}

function revived(held: NonNullable<StoppedTest['held']>): NonNullable<StoppedTest['held']> {
  return { ...held, until: new Date(held.until), values: held.values.map((one) => ({ ...one, at: new Date(one.at) })) }
}

type Kept = Omit<StoppedTest, 'taken' | 'changed'> & {
  taken: [string, string | null][]
  changed: [string, NonNullable<StoppedTest['input']>][]
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false
  const { nodeId, at, taken, changed, startedAt } = value as Record<string, unknown>
  return (
    typeof nodeId === 'string' &&
    typeof startedAt === 'number' &&
    Array.isArray(at) &&
    [taken, changed].every((list) => Array.isArray(list))
  )
}
