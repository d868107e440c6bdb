import { operationSchema } from '@/workflows/graph/operations'
import type { Pending } from './rebase'

const prefix = 'millrace.draft.'

export interface EditStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
  key(index: number): string | null
  readonly length: number
}

/**
 * Edits that the server has not confirmed, kept in the browser under this page's own key so that two pages never overwrite each other's.
 * False where the browser did not take them, being full or forbidden to: they are still on screen and still being sent.
 */
export function keepEdits(storage: EditStorage | null, workflowId: string, clientId: string, pending: readonly Pending[]): boolean {
  if (!storage) return pending.length === 0
  try {
    if (pending.length === 0) storage.removeItem(keyOf(workflowId, clientId))
    else storage.setItem(keyOf(workflowId, clientId), JSON.stringify(pending))
    return true
  } catch {
    return pending.length === 0
  }
}

/** Edits left by pages of this workflow that were closed before they were sent. Sending one twice is harmless: the server knows its id. */
export function takeKeptEdits(storage: EditStorage | null, workflowId: string, notOf: ReadonlySet<string>): Pending[] {
  if (!storage) return []
  const start = `${prefix}${workflowId}.`
  const found = new Map<string, Pending>()
  for (const key of keysOf(storage)) {
    if (!key.startsWith(start) || notOf.has(key.slice(start.length))) continue
    for (const one of readEdits(storage, key)) found.set(one.opId, one)
    storage.removeItem(key)
  }
  return [...found.values()]
}

function keysOf(storage: EditStorage): string[] {
  try {
    return Array.from({ length: storage.length }, (_, index) => storage.key(index)).filter((key): key is string => key !== null)
  } catch {
    return []
  }
}

/** Other programs write into this storage too, and older pages of this one: what is no edit is left out. */
function readEdits(storage: EditStorage, key: string): Pending[] {
  try {
    const value: unknown = JSON.parse(storage.getItem(key) ?? '[]')
    if (!Array.isArray(value)) return []
    return value.flatMap((one: { opId?: unknown; operation?: unknown } | null): Pending[] => {
      const operation = operationSchema.safeParse(one?.operation)
      return typeof one?.opId === 'string' && one.opId.length >= 8 && one.opId.length <= 80 && operation.success
        ? [{ opId: one.opId, operation: operation.data }]
        : []
    })
  } catch {
    return []
  }
}

function keyOf(workflowId: string, clientId: string) {
  return `${prefix}${workflowId}.${clientId}`
}
