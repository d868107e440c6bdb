import { Client, Connection } from '@temporalio/client'
import { config } from '@/server/config'

export const taskQueue = 'millrace'

const kept = globalThis as typeof globalThis & { millraceTemporal?: { connection: Connection; client: Client } }

/** Connects with the first call, which does not wait for the server; a server that is away fails each call and is found again by itself. */
export function temporalClient(): Client {
  if (kept.millraceTemporal) return kept.millraceTemporal.client
  const connection = Connection.lazy({ address: config().temporalAddress, connectTimeout: 5_000 })
  const client = new Client({ connection, namespace: config().temporalNamespace })
  kept.millraceTemporal = { connection, client }
  return client
}

const underWay = new Set<Promise<unknown>>()

/** A call that nobody waits for: the connection is not closed before it has ended. */
export async function unattended<Value>(call: Promise<Value>): Promise<Value> {
  underWay.add(call)
  try {
    return await call
  } finally {
    underWay.delete(call)
  }
}

export async function closeTemporal(): Promise<void> {
  const { millraceTemporal } = kept
  delete kept.millraceTemporal
  // The client's next try on a closed channel would throw where nobody can catch it.
  await Promise.allSettled(underWay)
  await millraceTemporal?.connection.close()
}

/** True when the server answers within the time. */
export async function temporalIsThere(timeoutMs = 2_000): Promise<boolean> {
  try {
    const { connection } = temporalClient()
    await connection.withDeadline(Date.now() + timeoutMs, () => connection.workflowService.getSystemInfo({}))
    return true
  } catch {
    return false
  }
}
