import { type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { fromUuid, toUuid } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { numberFrom, type Row, rowsOf } from '@/server/services/rows'
import { ServiceError } from '@/server/services/service-error'
import { projectFilter } from '@/server/services/workflows/list-workflows'
import type { CostSummary, costSummaryInput } from './contract'

const longestDays = 400

/** From hourly sums, never from steps. Days are those of the organization's time zone. */
export function summariseCosts(caller: Caller, input: z.infer<typeof costSummaryInput>): Promise<CostSummary> {
  if (input.to <= input.from)
    throw new ServiceError('BAD_REQUEST', 'The span ends before it begins.', { pointer: '/to', hint: 'Choose a later end.' })
  if (input.to.getTime() - input.from.getTime() > longestDays * 86_400_000) {
    throw new ServiceError('BAD_REQUEST', `A span has at most ${longestDays} days.`, {
      pointer: '/from',
      limit: longestDays,
      hint: 'Choose a shorter one.',
    })
  }
  const org = toUuid(caller.organizationId, 'org')
  return inOrganization(caller.organizationId, async (tx) => {
    const [organization] = await rowsOf(tx, sql`select time_zone, currency from organizations where id = ${org}`)
    const zone = String(organization?.time_zone ?? 'UTC')
    const scope = input.workflowId
      ? sql`${projectFilter(caller, 'cost.read')} and u.workflow_id = ${toUuid(input.workflowId, 'wf')}::uuid`
      : projectFilter(caller, 'cost.read')
    const within = (from: Date, to: Date) =>
      sql`u.organization_id = ${org} and u.hour >= ${from.toISOString()}::timestamptz and u.hour < ${to.toISOString()}::timestamptz and ${scope}`
    const key = {
      day: sql`to_char(u.hour at time zone ${zone}::text, 'YYYY-MM-DD')`,
      workflow: sql`u.workflow_id::text`,
      model: sql`u.model`,
    }[input.by]
    const rows = await sums(
      tx,
      org,
      sql`${key} as key, case when ${input.by}::text = 'workflow' then max(w.name) else max(${key}) end as label, u.currency`,
      within(input.from, input.to),
      sql`group by 1, u.currency`,
    )
    const before = new Date(input.from.getTime() - (input.to.getTime() - input.from.getTime()))
    const [totals] = await sums(tx, org, sql`1 as key`, within(input.from, input.to), sql``)
    const [earlier] = await sums(tx, org, sql`1 as key`, within(before, input.from), sql``)
    const named = rows.map((row) => ({
      key: input.by === 'workflow' ? fromUuid('wf', String(row.key)) : String(row.key),
      label: String(row.label) || 'No model',
      currency: String(row.currency),
      ...amountsFrom(row),
    }))
    return {
      currency: String(organization?.currency ?? 'USD'),
      totals: amountsFrom(totals ?? {}),
      before: amountsFrom(earlier ?? {}),
      rows:
        input.by === 'day'
          ? named.sort((a, b) => a.key.localeCompare(b.key))
          : named.sort((a, b) => b.costMicros - a.costMicros || b.runs - a.runs),
    }
  })
}

function sums(tx: Transaction, org: string, columns: SQL, where: SQL, group: SQL): Promise<Row[]> {
  return rowsOf(
    tx,
    sql`select ${columns}, sum(u.cost_micros) as cost, sum(u.runs) as runs, sum(u.failed) as failed, sum(u.steps) as steps, sum(u.input_tokens) as input_tokens, sum(u.output_tokens) as output_tokens
      from usage_hourly u join workflows w on w.organization_id = ${org} and w.id = u.workflow_id where ${where} ${group}`,
  )
}

function amountsFrom(row: Row) {
  return {
    costMicros: numberFrom(row.cost),
    runs: numberFrom(row.runs),
    failed: numberFrom(row.failed),
    steps: numberFrom(row.steps),
    inputTokens: numberFrom(row.input_tokens),
    outputTokens: numberFrom(row.output_tokens),
  }
}
