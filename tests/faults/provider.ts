import { startHttpSink } from '../support/http-sink'

/** One request that the outside saw. */
export interface LedgerLine {
  at: number
  key: string | null
  path: string
  body: string
}

/** A service outside the system: it acts once for each idempotency key, remembers what it answered, and may drop the line behind that. */
export interface Provider {
  url: string
  host: string
  ledger: readonly LedgerLine[]
  /** The share of answers that never arrive although it acted. */
  drop(share: number, random: () => number): void
  /** Hears of each request before it is answered. */
  listen(listener: (line: LedgerLine) => void): void
  close(): Promise<void>
}

/** Slow enough that a fault meets requests under way. */
const answerMs = 150

export async function startProvider(): Promise<Provider> {
  const ledger: LedgerLine[] = []
  let isDropped = () => false
  let listener = (_: LedgerLine): void => {}
  const sink = await startHttpSink({
    onRequest: (request, response) => {
      const line = { at: Date.now(), key: request.headers['idempotency-key'] ?? null, path: request.path, body: request.body }
      ledger.push(line)
      listener(line)
      const isLost = isDropped()
      setTimeout(() => {
        if (isLost) {
          response.destroy()
          return
        }
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(request.body)
      }, answerMs)
    },
  })
  return {
    url: sink.url,
    host: sink.host,
    ledger,
    drop(share, random) {
      isDropped = () => random() < share
    },
    listen(added) {
      listener = added
    },
    close: sink.close,
  }
}
