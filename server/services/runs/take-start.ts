import { sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { ServiceError } from '@/server/services/service-error'
import type { Json } from '@/workflows/graph/schema'
import type { WorkflowSettings } from '@/workflows/graph/workflow-settings'
import { keyOf } from './take-slot'

export type Start = { outcome: 'now' } | { outcome: 'later'; at: Date } | { outcome: 'skipped' }

export const waitingForStart = (at: Date) => JSON.stringify({ kind: 'rate', path: null, dueAt: at.toISOString() })

/**
 * When one more run of its key may start: in no stretch of the rate's length do more start than it says. A start that was given is
 * counted, used or not. The key stays locked until the commit.
 */
export async function takeStart(
  tx: Transaction,
  run: { organizationId: string; workflowId: string; runId: string; input: Json },
  settings: WorkflowSettings | null,
): Promise<Start> {
  const rate = settings?.rate
  if (!rate) return { outcome: 'now' }
  const organization = toUuid(run.organizationId, 'org')
  const key = keyOf(run, rate.key)
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`millrace:rate:${key}`}, 0))`)
  const every = sql`make_interval(secs => ${rate.everyMs / 1_000}::float8)`
  const [found] = await tx.execute<{ at: string; later: boolean; seconds: number }>(sql`
    select t.at::text as at, t.at > clock_timestamp() as later, ceil(extract(epoch from t.at - clock_timestamp()))::integer as seconds
    from (select greatest(clock_timestamp(), (
      select start_at + ${every} from run_starts where organization_id = ${organization}::uuid and rate_key = ${key}
        order by start_at desc, run_id desc offset ${rate.runs - 1}::integer limit 1)) as at) t`)
  if (!found) throw new Error('the database did not say when the run may start')
  if (found.later && rate.whenFull === 'skip') return { outcome: 'skipped' }
  if (found.later && rate.whenFull === 'refuse') {
    throw new ServiceError('TOO_MANY_REQUESTS', 'This workflow was started as often as its rate lets it, and takes no more now.', {
      limit: rate.runs,
      retryAfterSeconds: Math.max(1, found.seconds),
      hint: 'Start it again later.',
    })
  }
  await tx.execute(sql`
    insert into run_starts (organization_id, rate_key, start_at, run_id, expires_at)
      values (${organization}::uuid, ${key}, ${found.at}::timestamptz, ${toUuid(run.runId, 'run')}::uuid, ${found.at}::timestamptz + ${every})`)
  return found.later ? { outcome: 'later', at: new Date(found.at) } : { outcome: 'now' }
}
