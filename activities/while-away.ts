/** A database that cannot be reached now and may be in a moment. */
export function isConnectionError(error: unknown, depth = 0): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  if (typeof code === 'string' && (codes.has(code) || code.startsWith('08'))) return true
  return cause !== undefined && depth < 4 && isConnectionError(cause, depth + 1)
}

const codes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  '57P01',
  '57P02',
  '57P03',
  '53300',
])

/** The database's code where it refused a value that it cannot hold, now or later; null for every other error. */
export function refusedValue(error: unknown, depth = 0): string | null {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  // Data exceptions and exceeded limits of the program: PostgreSQL's appendix A.
  if (typeof code === 'string' && /^(22|54)[0-9A-Z]{3}$/.test(code)) return code
  return cause !== undefined && depth < 4 ? refusedValue(cause, depth + 1) : null
}

/** Asks again while the database is away, for so long; what is asked must be safe to ask twice. */
export async function whileAway<T>(ask: () => Promise<T>, ms: number, goOn: () => boolean = () => true): Promise<T> {
  const end = performance.now() + ms
  for (let wait = 50; ; wait = Math.min(wait * 2, 1_000)) {
    try {
      return await ask()
    } catch (error) {
      if (!isConnectionError(error) || performance.now() + wait > end || !goOn()) throw error
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
}
