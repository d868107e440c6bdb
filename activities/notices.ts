import { sql } from 'drizzle-orm'
import type { Database } from '@/db/client'
import type { Told } from '@/db/engine'
import { toUuid } from '@/db/ids'
import { log } from '@/server/log'
import type { WebhookResponse } from '@/workflows/runtime/types'
import { answerText } from './answer-text'

/** Tells the web processes what changed: many at once, outside of transactions, because a NOTIFY in one makes its commit wait for others. */
export interface Notices {
  /** Stored in the outbox already; told at once. */
  told(organizationId: string, news: readonly Told[] | null | undefined): void
  /** Only a hint that people who watch may look again. */
  hint(organizationId: string, kind: string, id: string): void
  /** Tells the web process whose caller waits. */
  answered(runId: string, response?: WebhookResponse): void
  flush(): Promise<void>
}

const gatherMs = 60
const soonMs = 4
const idsATime = 80

export function createNotices(db: Database): Notices {
  let payloads: { channel: 'millrace' | 'millrace_answers'; text: string }[] = []
  const hints = new Map<string, Set<string>>()
  let timer: NodeJS.Timeout | null = null
  let at = 0

  const schedule = (ms: number) => {
    const due = performance.now() + ms
    if (timer && at <= due) return
    if (timer) clearTimeout(timer)
    at = due
    timer = setTimeout(() => void flush(), ms)
  }

  async function flush(): Promise<void> {
    if (timer) clearTimeout(timer)
    timer = null
    for (const [key, ids] of hints) {
      const [organization, kind] = key.split(' ') as [string, string]
      const all = [...ids]
      for (let from = 0; from < all.length; from += idsATime) {
        payloads.push({
          channel: 'millrace',
          text: JSON.stringify({ o: organization, k: kind, i: all.slice(from, from + idsATime), s: 0 }),
        })
      }
    }
    hints.clear()
    if (payloads.length === 0) return
    const sent = payloads
    payloads = []
    try {
      await db.execute(
        sql`select pg_notify(channel, text) from jsonb_to_recordset(${JSON.stringify(sent)}::text::jsonb) as t (channel text, text text)`,
      )
    } catch (error) {
      log.debug('notices were lost; whoever waits looks again by itself', { count: sent.length, error })
    }
  }

  return {
    told(organizationId, news) {
      if (!news?.length) return
      const organization = toUuid(organizationId, 'org')
      for (const { kind, ids, seq } of news)
        payloads.push({ channel: 'millrace', text: JSON.stringify({ o: organization, k: kind, i: ids, s: seq }) })
      schedule(soonMs)
    },
    answered(runId, response) {
      payloads.push({ channel: 'millrace_answers', text: answerText(runId, response) })
      schedule(0)
    },
    hint(organizationId, kind, id) {
      const key = `${toUuid(organizationId, 'org')} ${kind}`
      const ids = hints.get(key)
      if (ids) ids.add(id)
      else hints.set(key, new Set([id]))
      schedule(gatherMs)
    },
    flush,
  }
}
