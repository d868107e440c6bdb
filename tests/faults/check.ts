import postgres from 'postgres'
import { idOf } from '../support/plan-of'
import { type Delivery, isLoop, loopItems, type Shapes } from './load'
import type { LedgerLine } from './provider'

export interface Verdict {
  sent: number
  accepted: number
  finished: number
  /** Accepted runs that have no end. */
  lost: string[]
  /** Deliveries that started more than one run. */
  doubled: string[]
  /** Effects that were asked for again after their step was recorded. */
  repeated: string[]
  /** At-most-once effects that happened more than once. */
  tooOften: string[]
  /** Runs whose result is not what their input demands. */
  wrong: string[]
  /** Runs that stand for a person to look at, because nobody knows whether an at-most-once effect happened. */
  unknown: number
  /** Effects that were asked for more than once, with the same key, before they were recorded: allowed. */
  again: number
  moves: number
  /** When each delivery was sent first and its run ended. */
  ends: { sentAt: number; finishedAt: number }[]
}

interface RunRow {
  id: string
  status: string
  output: { number?: number; first?: number; items?: number[]; open?: { item: number; code: string }[] } | null
  error: { code?: string; path?: string } | null
  moves: number
  finished: string | null
}
interface StepRow {
  key: string
  finished: string
}
interface ItemsRow {
  id: string
  /** Items whose effect the run's record has, and how many records of it there are. */
  items: number
  records: number
}

const endings = new Set(['succeeded', 'failed', 'cancelled'])
/** How an at-most-once step may end a run: whether it happened, a person finds out. */
const openEnds = new Set(['step.unknown', 'net.broken', 'net.timeout', 'step.timeout'])

/** Joins what the outside saw, what the sender was told, and what the database says. */
export async function check(options: {
  adminUrl: string
  organization: string
  shapes: Shapes
  /** The part of paths that is theirs. */
  name: string
  deliveries: readonly Delivery[]
  ledger: readonly LedgerLine[]
}): Promise<Verdict> {
  const { adminUrl, organization, shapes, deliveries } = options
  const ledger = options.ledger.filter((line) => line.path.startsWith(`/${options.name}/`))
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  const uuid = organization.slice(4)
  const workflows = shapes.workflowIds.map((id) => id.slice(3))
  try {
    const runs = await sql<RunRow[]>`
      select 'run_' || replace(id::text, '-', '') as id, status, output, error, moves, (extract(epoch from finished_at) * 1000)::text as finished
      from runs where organization_id = ${uuid}::uuid and workflow_id = any(${workflows}::uuid[])`
    const steps = await sql<StepRow[]>`
      select 'run_' || replace(r.root_id::text, '-', '') || '/' || case when position('/' in s.path) = 0 then s.path || '/0'
          else split_part(s.path, '/', 3) || '/' || split_part(s.path, '/', 2) end || '/' || r.generation as key,
        (extract(epoch from s.started_at) * 1000 + s.duration_us / 1000.0)::text as finished
      from run_steps s join runs r on r.organization_id = s.organization_id and r.id = s.run_id
      where s.organization_id = ${uuid}::uuid and r.workflow_id = any(${workflows}::uuid[]) and s.status = 'succeeded'`
    const effects = await sql<ItemsRow[]>`
      select 'run_' || replace(s.run_id::text, '-', '') as id, count(distinct split_part(s.path, '/', 2))::integer as items,
        count(*)::integer as records
      from run_steps s join runs r on r.organization_id = s.organization_id and r.id = s.run_id
      where s.organization_id = ${uuid}::uuid and r.workflow_id = any(${workflows}::uuid[]) and position('/' in s.path) > 0
        and (s.status in ('succeeded', 'unknown') or s.status = 'failed' and s.retry_at is null)
      group by s.run_id`
    const itemsOf = new Map(effects.map((row) => [row.id, row]))
    const byId = new Map(runs.map((run) => [run.id, run]))
    const told = deliveries.filter((delivery) => delivery.runId !== null)
    const runOf = (delivery: Delivery) => byId.get(delivery.runId as string)
    const hasEnded = (run: RunRow | undefined): run is RunRow => run !== undefined && endings.has(run.status)
    const finishedAt = new Map(steps.map((step) => [step.key, Number(step.finished)]))
    const seen = Map.groupBy(
      ledger.filter((line) => line.key !== null),
      (line) => line.key as string,
    )
    const distinct = new Set(told.map((delivery) => delivery.runId))
    return {
      sent: deliveries.length,
      accepted: told.length,
      finished: told.filter((delivery) => hasEnded(runOf(delivery))).length,
      lost: told.filter((delivery) => !hasEnded(runOf(delivery))).map((delivery) => `${delivery.id}: ${runOf(delivery)?.status ?? 'gone'}`),
      doubled: [
        ...(distinct.size === told.length ? [] : ['two deliveries were told the same run']),
        ...told.filter((delivery) => delivery.told.size > 1).map((delivery) => `${delivery.id} was told several runs`),
        ...(runs.length <= deliveries.length ? [] : [`${runs.length} runs for ${deliveries.length} deliveries`]),
        ...numbersSeenTwice(ledger),
      ],
      // The finish is taken before it is recorded, so a later first request is none; a second one after it was made by somebody who had not read it.
      repeated: [...seen].flatMap(([key, lines]) => {
        const finished = finishedAt.get(key)
        return lines.length > 1 && finished !== undefined && lines.some((line) => line.at > finished) ? [key] : []
      }),
      tooOften: [...seen].filter(([key, lines]) => key.includes(`/${idOf('once')}/`) && lines.length > 1).map(([key]) => key),
      wrong: told.flatMap((delivery) => wrongIn(delivery, runOf(delivery), itemsOf.get(delivery.runId as string))),
      unknown: runs.filter((run) => run.status === 'failed' || (run.output?.open?.length ?? 0) > 0).length,
      again: [...seen.values()].filter((lines) => lines.length > 1).length,
      moves: runs.reduce((sum, run) => sum + run.moves, 0),
      ends: told.flatMap((delivery) => {
        if (isLoop(delivery.workflow)) return []
        const finished = runOf(delivery)?.finished
        return finished ? [{ sentAt: delivery.sentAt, finishedAt: Number(finished) }] : []
      }),
    }
  } finally {
    await sql.end()
  }
}

function wrongIn(delivery: Delivery, run: RunRow | undefined, recorded: ItemsRow | undefined): string[] {
  if (!run || run.status === 'cancelled') return [`${delivery.id}: ${run?.status ?? 'gone'}`]
  if (run.status === 'failed') {
    const isOpenEnd = delivery.workflow === 'once' && run.error?.path === idOf('once') && openEnds.has(run.error.code ?? '')
    return isOpenEnd ? [] : [`${delivery.id}: ${run.error?.path} ${run.error?.code}`]
  }
  if (run.status !== 'succeeded') return []
  if (isLoop(delivery.workflow)) return wrongInLoop(delivery, run, recorded)
  return run.output?.number === delivery.number && run.output?.first === delivery.number
    ? []
    : [`${delivery.id}: ${JSON.stringify(run.output)}`]
}

/** Each item once and in its place, in what the run came to and in its record. */
function wrongInLoop({ id, number }: Delivery, { output }: RunRow, recorded: ItemsRow | undefined): string[] {
  const { items = [], open = [] } = output ?? {}
  const without = new Set(open.map(({ item }) => item))
  const expected = Array.from({ length: loopItems }, (_, item) => item).filter((item) => !without.has(item))
  return [
    ...(output?.number === number && JSON.stringify(items) === JSON.stringify(expected)
      ? []
      : [`${id}: ${output?.number} with ${items.length} items and ${open.length} open ones`]),
    ...open.filter(({ code }) => !openEnds.has(code)).map(({ item, code }) => `${id}: item ${item} ${code}`),
    ...(recorded?.items === loopItems && recorded.records === loopItems
      ? []
      : [`${id}: ${recorded?.records ?? 0} records of ${recorded?.items ?? 0} items`]),
  ]
}

/** The same delivery under two keys would be two runs. */
function numbersSeenTwice(ledger: readonly LedgerLine[]): string[] {
  const keys = new Map<string, Set<string>>()
  for (const line of ledger) {
    const where = `${line.path} ${line.body}`
    const known = keys.get(where) ?? new Set()
    if (line.key) known.add(line.key)
    keys.set(where, known)
  }
  return [...keys].filter(([, known]) => known.size > 1).map(([where, known]) => `${where} came under ${[...known].join(' and ')}`)
}
