import { and, eq } from 'drizzle-orm'
import { takeAlerts } from '@/db/alerts'
import { inOrganization } from '@/db/client'
import { alerts } from '@/db/schema'
import { now } from '@/server/clock'
import { log } from '@/server/log'
import { powersOf } from '@/server/powers/create-powers'
import { type Alert, alertBody } from './alert-body'
import { findTarget } from './alert-target'

const atOnce = 20
const mostTries = 8
const firstWaitMs = 10_000
const longestWaitMs = 3_600_000
const answerMs = 10_000
const mostAnswerBytes = 64 * 1024

/** Sends what is due, each at least once; a receiver tells two of the same by the header `webhook-id`. Answers how many there were. */
export async function sendAlerts(signal?: AbortSignal): Promise<number> {
  const due = await takeAlerts(atOnce)
  await Promise.all(due.map((one) => sendOne(one.organizationId, one.id, signal)))
  return due.length
}

async function sendOne(organizationId: string, id: string, signal?: AbortSignal): Promise<void> {
  const found = await inOrganization(organizationId, async (tx) => {
    const [row] = await tx.select().from(alerts).where(eq(alerts.id, id))
    const target = await findTarget(tx)
    return row && target?.kinds.includes(row.kind) ? { row, target, alert: await alertBody(tx, row.kind, row.subjectId) } : { row }
  })
  if (!found.row) return
  if (!found.target || !found.alert)
    return settle(organizationId, id, { error: 'Nobody has to hear this any more.', dueAt: null, sentAt: null })
  const error = await post(organizationId, id, found.target, found.alert, signal)
  const { attempts } = found.row
  if (error === null) return settle(organizationId, id, { error: null, dueAt: null, sentAt: now() })
  const wait = Math.min(firstWaitMs * 2 ** (attempts - 1), longestWaitMs)
  const dueAt = attempts >= mostTries ? null : new Date(now().getTime() + wait)
  log.info('an alert was not taken', { organizationId, reason: error })
  return settle(organizationId, id, { error, dueAt, sentAt: null })
}

/** Null where it was taken; else why not, in a sentence. */
export async function post(
  organizationId: string,
  id: string,
  target: { url: string; credentialId: string | null },
  { body, projectId }: Alert,
  leaving?: AbortSignal,
): Promise<string | null> {
  const patience = AbortSignal.timeout(answerMs)
  try {
    const response = await powersOf(organizationId, projectId).door(target.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'webhook-id': id, 'idempotency-key': id },
      body: JSON.stringify({ id, ...body }),
      signal: leaving ? AbortSignal.any([leaving, patience]) : patience,
      maxBytes: mostAnswerBytes,
      ...(target.credentialId ? { credential: target.credentialId } : {}),
    })
    return response.ok ? null : `${new URL(target.url).host} answered ${response.status}.`
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 500) : 'It could not be sent.'
  }
}

function settle(organizationId: string, id: string, end: { error: string | null; dueAt: Date | null; sentAt: Date | null }): Promise<void> {
  return inOrganization(organizationId, async (tx) => {
    await tx
      .update(alerts)
      .set(end)
      .where(and(eq(alerts.organizationId, organizationId), eq(alerts.id, id)))
  })
}
