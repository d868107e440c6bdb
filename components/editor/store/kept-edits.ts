import type { Pending } from './rebase'

const prefix = 'millrace.draft.'

export interface EditStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
  key(index: number): string | null
  readonly length: number
}

/** Edits that the server has not confirmed, kept in the browser under this page's own key so that two pages never overwrite each other's. */
export function keepEdits(storage: EditStorage | null, workflowId: string, clientId: string, pending: readonly Pending[]) {
  if (!storage) return
  try {
    if (pending.length === 0) storage.removeItem(keyOf(workflowId, clientId))
    else storage.setItem(keyOf(workflowId, clientId), JSON.stringify(pending))
  } catch {
    // Full or forbidden: the edits are still on screen and still being sent.
  }
}

/** Edits left by pages of this workflow that were closed before they were sent. Sending one twice is harmless: the server knows its id. */
export function takeKeptEdits(storage: EditStorage | null, workflowId: string, clientId: string): Pending[] {
  if (!storage) return []
  const own = keyOf(workflowId, clientId)
  const found: Pending[] = []
  try {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index)).filter(
      (key): key is string => key?.startsWith(`${prefix}${workflowId}.`) === true && key !== own,
    )
    for (const key of keys) {
      const value: unknown = JSON.parse(storage.getItem(key) ?? '[]')
      if (Array.isArray(value)) found.push(...(value as Pending[]))
      storage.removeItem(key)
    }
  } catch {
    return found
  }
  return found
}

function keyOf(workflowId: string, clientId: string) {
  return `${prefix}${workflowId}.${clientId}`
}
