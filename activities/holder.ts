import os from 'node:os'
import { createPool, type Pool } from '@/db/client'
import { type Renewal, releaseHolder, renewHolder } from '@/db/engine'
import { newId } from '@/db/ids'
import { setByDatabase } from '@/server/clock'
import { config } from '@/server/config'
import { log } from '@/server/log'
import type { Hands } from './hands'

const renewMs = 2_000
/** A renewal that takes longer is tried again on another connection, in time for the lease. */
const renewWithinMs = 4_000
const leaseMs = 10_000
/** Renewals between two looks at the database's clock. */
const clockEvery = 15
/** A machine whose clock is so wrong is told of. */
const wrongMs = 5_000
/** No effect starts with less. */
const leastMs = 3_000

/** This process's lease. It is renewed over a connection of its own, so that busy pools cannot let it run out. */
export interface Holder {
  id: string
  /** False when the lease may run out before an effect that starts now was recorded. */
  mayStart(): boolean
  /** When the last renewal worked, for health. */
  renewedMsAgo(): number
  start(): Promise<void>
  /** After nothing is in hand any more. */
  stop(): Promise<void>
}

export function createHolder(hands: Hands, build: string, { lane = false } = {}): Holder {
  const id = newId('hold')
  const self = { id, kind: lane ? 'lane' : 'worker', host: os.hostname(), pid: process.pid, build }
  let pool: Pool | null = null
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  let renewals = 0
  // Counted from before the renewal was sent, by a clock that never jumps.
  let renewedAt = Number.NEGATIVE_INFINITY

  async function renew(): Promise<void> {
    const sentAt = performance.now()
    pool ??= createPool(config().databaseWorkerUrl, { max: 1, name: 'millrace-lease', answersWithinMs: renewWithinMs })
    const renewal = await renewHolder(self, pool)
    renewedAt = sentAt
    obey(renewal)
    if (renewals % clockEvery === 0) await compareClocks(pool)
    renewals += 1
  }

  async function compareClocks(database: Pool): Promise<void> {
    const asked = Date.now()
    const [row] = await database.$client`select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`
    const off = setByDatabase(Number(row?.now), asked, Date.now())
    if (Math.abs(off) > wrongMs) log.warn("this machine's clock differs from the database's, which is gone by", { durationMs: off })
  }

  function obey({ stops, held, wasOver }: Renewal): void {
    for (const { runId, cancel } of stops) {
      const hand = hands.get(runId)
      if (!hand) continue
      hand.reason = cancel ? 'cancelled' : (hand.reason ?? 'paused')
      if (cancel) hand.abort.abort(new Error('cancelled'))
    }
    if (!wasOver || !held) return
    const ours = new Set(held)
    for (const hand of hands.all()) {
      if (ours.has(hand.runId)) continue
      hand.reason = 'shutdown'
      hand.abort.abort(new Error('taken over'))
    }
  }

  function loop(): void {
    if (stopped) return
    timer = setTimeout(async () => {
      await renew().catch((error) => log.warn('the lease could not be renewed', { holderId: id, error }))
      loop()
    }, renewMs)
  }

  return {
    id,
    mayStart: () => performance.now() - renewedAt < leaseMs - leastMs,
    renewedMsAgo: () => performance.now() - renewedAt,
    async start() {
      await renew()
      loop()
    },
    async stop() {
      stopped = true
      if (timer) clearTimeout(timer)
      if (!pool) return
      await releaseHolder(id, pool).catch((error) =>
        log.warn('the lease could not be given up; it runs out by itself', { holderId: id, error }),
      )
      await pool.$client.end({ timeout: 2 })
    },
  }
}
