import postgres from 'postgres'
import type { Delivery } from './journal'

/** One request that the sink outside the system saw. */
export interface LedgerLine {
  at: number
  key: string | null
  path: string
  body: string
}

export interface Verdict {
  accepted: number
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
  /** Steps of which nobody knows whether they happened; allowed for at-most-once steps only. */
  unknown: number
  /** Effects that were asked for more than once, with the same key, before they were recorded: allowed. */
  again: number
  moves: number
}

interface RunRow {
  id: string
  status: string
  output: { number?: number; first?: number } | null
  error: { code?: string } | null
  moves: number
}
interface StepRow {
  run: string
  path: string
  key: string
  status: string
  finished: string
}

/** Joins what the outside saw, what the sender was told, and what the database says. */
export async function check(options: {
  adminUrl: string
  organization: string
  deliveries: Delivery[]
  ledger: LedgerLine[]
  nodes: Record<string, string>
}): Promise<Verdict> {
  const { adminUrl, organization, deliveries, ledger, nodes } = options
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  const uuid = organization.slice(4)
  try {
    const runs = await sql<RunRow[]>`
      select 'run_' || replace(id::text, '-', '') as id, status, output, error, moves from runs where organization_id = ${uuid}::uuid and trigger = 'webhook'`
    const steps = await sql<StepRow[]>`
      select 'run_' || replace(s.run_id::text, '-', '') as run, s.path, 'run_' || replace(r.root_id::text, '-', '') || '/' || s.path || '/0/' || r.generation as key,
        s.status, (extract(epoch from s.started_at) * 1000 + s.duration_us / 1000.0)::text as finished
      from run_steps s join runs r on r.organization_id = s.organization_id and r.id = s.run_id
      where s.organization_id = ${uuid}::uuid and r.trigger = 'webhook' and s.status = 'succeeded'`
    const byId = new Map(runs.map((run) => [run.id, run]))
    const told = deliveries.filter((delivery) => delivery.runId !== null)
    const ended = (run: RunRow | undefined) => run !== undefined && ['succeeded', 'failed', 'cancelled'].includes(run.status)
    const finishedAt = new Map(steps.map((step) => [step.key, Number(step.finished)]))
    const seen = new Map<string, LedgerLine[]>()
    for (const line of ledger) if (line.key) seen.set(line.key, [...(seen.get(line.key) ?? []), line])

    const distinct = new Set(told.map((delivery) => delivery.runId))
    return {
      accepted: told.length,
      lost: told.filter((delivery) => !ended(byId.get(delivery.runId as string))).map((delivery) => delivery.id),
      doubled: [
        ...(distinct.size === told.length ? [] : ['two deliveries were told the same run']),
        ...(runs.length <= deliveries.length ? [] : [`${runs.length} runs for ${deliveries.length} deliveries`]),
        ...numbersSeenTwice(ledger),
      ],
      // The finish is taken before it is recorded, so a later first request is none; a second one after it was made by somebody who had not read it.
      repeated: [...seen].flatMap(([key, lines]) => {
        const finished = finishedAt.get(key)
        return lines.length > 1 && finished !== undefined && lines.some((line) => line.at > finished) ? [key] : []
      }),
      tooOften: [...seen].filter(([key, lines]) => key.includes(`/${nodes.once}/`) && lines.length > 1).map(([key]) => key),
      wrong: told.flatMap((delivery) => {
        const run = byId.get(delivery.runId as string)
        if (!run || run.status === 'cancelled') return [delivery.id]
        if (run.status === 'failed')
          return delivery.workflow === 'once' && run.error?.code === 'step.unknown' ? [] : [`${delivery.id}: ${run.error?.code}`]
        return run.output?.number === delivery.number && run.output?.first === delivery.number
          ? []
          : [`${delivery.id}: ${JSON.stringify(run.output)}`]
      }),
      unknown: runs.filter((run) => run.error?.code === 'step.unknown').length,
      again: [...seen.values()].filter((lines) => lines.length > 1).length,
      moves: runs.reduce((sum, run) => sum + run.moves, 0),
    }
  } finally {
    await sql.end()
  }
}

/** The same delivery under two keys would be two runs. */
function numbersSeenTwice(ledger: LedgerLine[]): string[] {
  const keys = new Map<string, Set<string>>()
  for (const line of ledger) {
    const where = `${line.path} ${line.body}`
    const known = keys.get(where) ?? new Set()
    if (line.key) known.add(line.key)
    keys.set(where, known)
  }
  return [...keys]
    .filter(([, known]) => known.size > 1)
    .map(([where]) => `${where} came under ${[...(keys.get(where) ?? [])].join(' and ')}`)
}
