export interface OwnFaults {
  /** Counts it; true once a run met so many that it is not taken up again. */
  isLast(runId: string, error: unknown): boolean
}

/** Three, like crashes of a run by itself. */
const most = 3
const mostRemembered = 1_000

/** Errors that Millrace itself made over a run: it would be taken up again and meet the next one without an end. */
export function createOwnFaults(): OwnFaults {
  const met = new Map<string, number>()
  return {
    isLast(runId, error) {
      if (!isOwnFault(error)) return false
      const count = (met.get(runId) ?? 0) + 1
      met.delete(runId)
      if (count >= most) return true
      met.set(runId, count)
      for (const oldest of met.keys()) {
        if (met.size <= mostRemembered) break
        met.delete(oldest)
      }
      return false
    },
  }
}

/** What the database, the system or somebody who stopped it made has a code or a name of its own, and may be over the next time. */
function isOwnFault(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error)) return false
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  if (error.name === 'AbortError' || (code !== undefined && !String(code).startsWith('ERR_'))) return false
  return cause === undefined || depth >= 4 || isOwnFault(cause, depth + 1)
}
