import { type SQL, sql } from 'drizzle-orm'
import { askDirectly, type Database, type Pool, workerDb } from '@/db/client'
import { fromUuid, toUuid } from '@/db/ids'
import { storable, storableText } from '@/db/storable-text'
import type { Json } from '@/workflows/graph/schema'

/** The engine's fenced functions (drizzle/0002_engine.sql, 0008_lane.sql), as the worker calls them. */

export interface TakenRun {
  outcome: 'taken'
  runId: string
  organizationId: string
  epoch: number
  wakeSeq: number
  cancel: boolean
  /** Taken over from a holder whose lease ran out. */
  moved: boolean
  crashes: number
  soloCrashes: number
  /** False when the log is certainly empty. */
  stepped: boolean
  /** False while nobody was told yet that it runs: its first write says so. */
  begun: boolean
  /** Another run waits for it. */
  child: boolean
  /** Its workflow lets only so many run at once. */
  limited: boolean
  workflowId: string
  workflowName: string
  timeZone: string
  currency: string
  versionId: string | null
  versionNumber: number | null
  projectId: string
  environmentId: string
  trigger: string
  triggerNodeId: string | null
  rootId: string
  generation: number
  input: Json
  startedAt: Date
}
export type Take =
  | TakenRun
  | { outcome: 'held'; until: Date }
  | { outcome: 'waiting'; until: Date | null }
  | { outcome: 'paused' }
  | { outcome: 'gone' }

export interface Told {
  kind: string
  ids: string[]
  seq: number
}

export async function answer<T>(query: SQL, db: Database): Promise<T> {
  const [row] = [...(await db.execute(query))]
  return Object.values(row ?? {})[0] as T
}
export async function rows(query: SQL, db: Database): Promise<Record<string, unknown>[]> {
  return [...(await db.execute(query))]
}
export const uuids = (ids: readonly string[]) => sql`string_to_array(${ids.map((id) => toUuid(id)).join(',')}, ',')::uuid[]`
export const json = (value: unknown) => sql`${value === undefined || value === null ? null : storableText(value)}::text::jsonb`
const date = (value: unknown) => new Date(String(value))

export async function takeRun(runId: string, holderId: string, db: Database = workerDb()): Promise<Take> {
  const row = await answer<Record<string, unknown>>(sql`select engine_take(${toUuid(runId, 'run')}, ${toUuid(holderId, 'hold')})`, db)
  if (row.outcome === 'held') return { outcome: 'held', until: date(row.until) }
  if (row.outcome === 'waiting') return { outcome: 'waiting', until: row.until ? date(row.until) : null }
  return row.outcome === 'taken' ? takenFrom(row) : { outcome: row.outcome as 'paused' | 'gone' }
}

export function takenFrom(row: Record<string, unknown>): TakenRun {
  const taken = row as unknown as TakenRun
  return {
    ...taken,
    runId: fromUuid('run', taken.runId),
    organizationId: fromUuid('org', taken.organizationId),
    workflowId: fromUuid('wf', taken.workflowId),
    versionId: taken.versionId && fromUuid('ver', taken.versionId),
    projectId: fromUuid('prj', taken.projectId),
    environmentId: fromUuid('env', taken.environmentId),
    rootId: fromUuid('run', taken.rootId),
    startedAt: date(taken.startedAt),
  }
}

/** Rows of the newest attempts, as stored. */
export function stepRows(organizationId: string, runId: string, db: Database = workerDb()): Promise<Record<string, unknown>[]> {
  return rows(sql`select * from engine_steps(${toUuid(organizationId, 'org')}, ${toUuid(runId, 'run')})`, db)
}

/** The same a few at a time, without what stands below those of the named containers that are settled; each with the run's last number. */
export async function* stepRowsInParts(
  organizationId: string,
  runId: string,
  containers: readonly string[],
  db: Pool = workerDb(),
): AsyncGenerator<Record<string, unknown>[]> {
  const given = [toUuid(organizationId, 'org'), toUuid(runId, 'run'), containers.join(',')]
  const query = db.$client.unsafe("select * from engine_log($1::uuid, $2::uuid, string_to_array($3::text, ','))", given)
  for await (const part of query.cursor(rowsTogether)) yield part
}

const rowsTogether = 1_000

export function settledWaitRows(organizationId: string, runId: string, db: Database = workerDb()): Promise<Record<string, unknown>[]> {
  return rows(sql`select * from engine_settled_waits(${toUuid(organizationId, 'org')}, ${toUuid(runId, 'run')})`, db)
}

export interface Fence {
  organizationId: string
  runId: string
  epoch: number
}

export interface Recorded {
  cancel: boolean
  pause: boolean
  told: Told[] | null
}

/** Null when another holder has the run. `begins` says with the first write of a run in a lane that it runs now. */
export async function recordSteps(
  { organizationId, runId, epoch }: Fence,
  steps: string | readonly Record<string, unknown>[],
  db: Database = workerDb(),
  begins = false,
): Promise<Recorded | null> {
  const given = [toUuid(organizationId, 'org'), toUuid(runId, 'run'), epoch, jsonText(steps), begins]
  const [row] = await askDirectly(
    db,
    'select engine_record($1::uuid, $2::uuid, $3::integer, $4::text::jsonb, $5::boolean) as recorded',
    given,
  )
  return row?.recorded as Recorded | null
}

/** The same for steps of a run that has begun, none of which waits, answers or cost anything, in half the time. */
export async function noteSteps(
  { organizationId, runId, epoch }: Fence,
  steps: string | readonly Record<string, unknown>[],
  db: Database = workerDb(),
): Promise<Recorded | null> {
  const given = [toUuid(organizationId, 'org'), toUuid(runId, 'run'), epoch, jsonText(steps)]
  const [row] = await askDirectly(db, 'select engine_note($1::uuid, $2::uuid, $3::integer, $4::text::jsonb) as recorded', given)
  return row?.recorded as Recorded | null
}

const jsonText = (steps: string | readonly Record<string, unknown>[]) => (typeof steps === 'string' ? steps : JSON.stringify(steps))

/** Closes waits, and people's tasks with them, that the run has no use for any more; null when another holder has it. */
export function dropWaits(
  { organizationId, runId, epoch }: Fence,
  paths: readonly string[],
  db: Database = workerDb(),
): Promise<Told[] | null> {
  return answer(
    sql`select engine_drop_waits(${toUuid(organizationId, 'org')}, ${toUuid(runId, 'run')}, ${epoch}::integer, ${json(paths)})`,
    db,
  )
}

export function waitRun(
  { organizationId, runId, epoch }: Fence,
  wait: { wakeSeen: number; until: Date | null; waitingFor: Json; driver?: 'temporal' | 'none' },
  db: Database = workerDb(),
): Promise<{ outcome: 'waiting'; seq: number } | { outcome: 'woken' } | { outcome: 'fenced' }> {
  return answer(
    sql`select engine_wait(${toUuid(organizationId, 'org')}, ${toUuid(runId, 'run')}, ${epoch}::integer, ${wait.wakeSeen}::integer,
      ${wait.until?.toISOString() ?? null}::timestamptz, ${json(wait.waitingFor)}, ${wait.driver ?? 'temporal'})`,
    db,
  )
}

export interface RunEnd {
  status: 'succeeded' | 'failed' | 'cancelled'
  output?: Json
  error?: Json
  signature?: string
}
export const signatureOf = ({ signature }: RunEnd): string | null => (signature === undefined ? null : storable(signature))

export interface FinishedRun {
  outcome: 'finished'
  status: RunEnd['status']
  told: Told[]
  deadLetterId: string | null
  /** What its end sets in motion: `run_…` a run to wake, `evt_…` a run with sequels to start. */
  wake: string[]
}

export function finishRun(
  { organizationId, runId, epoch }: Fence,
  end: RunEnd,
  db: Database = workerDb(),
): Promise<FinishedRun | { outcome: 'fenced' }> {
  return answer(
    sql`select case when ended.answer ->> 'outcome' = 'finished' then ended.answer || jsonb_build_object('wake', engine_wakes())
        else ended.answer end from (
      select engine_finish(${toUuid(organizationId, 'org')}, ${toUuid(runId, 'run')}, ${epoch}::integer, ${end.status}, ${json(end.output)},
        ${json(end.error)}, ${signatureOf(end)}) as answer offset 0) as ended`,
    db,
  )
}

/** `queue`: whose workers go on with it. */
export function giveBackRun(
  runId: string,
  epoch: number,
  reason: 'more' | 'queue' | 'paused' | 'shutdown' | 'error' | 'handed',
  { queue = null, db = workerDb() }: { queue?: string | null; db?: Database } = {},
): Promise<boolean> {
  return answer(sql`select engine_give_back(${toUuid(runId, 'run')}, ${epoch}::integer, ${reason}, ${queue}::text)`, db)
}

/** Written before a run executes by itself, and taken back (-1) when it did not bring its worker down. False when fenced. */
export function countAlone(runId: string, epoch: number, by: 1 | -1, db: Database = workerDb()): Promise<boolean> {
  return answer(sql`select engine_count_alone(${toUuid(runId, 'run')}, ${epoch}::integer, ${by}::integer)`, db)
}

export interface Renewal {
  wasOver: boolean
  stops: { runId: string; cancel: boolean }[]
  /** Only when the lease was over: what is still ours. */
  held: string[] | null
}

export function renewHolder(
  holder: { id: string; kind: string; host: string; pid: number; build: string },
  db: Database = workerDb(),
): Promise<Renewal> {
  return answer(
    sql`select engine_renew(${toUuid(holder.id, 'hold')}, ${holder.kind}, ${holder.host}, ${holder.pid}::integer, ${holder.build})`,
    db,
  )
}

export async function releaseHolder(holderId: string, db: Database = workerDb()): Promise<void> {
  await rows(sql`select engine_release_holder(${toUuid(holderId, 'hold')})`, db)
}

/** Runs that could move and do not; empty when another worker sweeps at this moment. */
export async function sweepRuns(limit = 50, db: Database = workerDb()): Promise<{ runId: string; reason: string }[]> {
  const found = await rows(sql`select * from engine_sweep(${limit}::integer)`, db)
  return found.map((row) => ({ runId: fromUuid('run', String(row.run_id)), reason: String(row.reason) }))
}

/** What ends of runs left undone; answers what to wake, as `finishRun` does. */
export async function sweepLinks(limit = 50, db: Database = workerDb()): Promise<string[]> {
  return answer(sql`select engine_sweep_links(${limit}::integer)`, db)
}

export async function organizationOfSequel(runId: string, db: Database = workerDb()): Promise<string | null> {
  const found = await answer<string | null>(sql`select engine_find_sequel(${toUuid(runId, 'run')})`, db)
  return found ? fromUuid('org', found) : null
}

export async function markDriven(runIds: readonly string[], db: Database): Promise<void> {
  if (runIds.length > 0) await rows(sql`select engine_driven(${uuids(runIds)})`, db)
}

/** Runs that are to have a workflow in Temporal. */
export async function unfinishedRuns(after: string | null, limit = 500, db: Database = workerDb()): Promise<{ runId: string }[]> {
  const found = await rows(sql`select run_id from engine_unfinished(${after ? toUuid(after, 'run') : null}::uuid, ${limit}::integer)`, db)
  return found.map((row) => ({ runId: fromUuid('run', String(row.run_id)) }))
}

export interface ScheduleRow {
  organizationId: string
  id: string
  cron: string
  timeZone: string
  paused: boolean
  overlap: 'skip' | 'start'
  catchUpSeconds: number
  revision: number
  mirroredRevision: number
  deleted: boolean
  updatedAt: Date
}

export async function allSchedules(after: string | null, limit = 500, db: Database = workerDb()): Promise<ScheduleRow[]> {
  const found = await rows(sql`select * from engine_schedules(${after ? toUuid(after, 'sch') : null}::uuid, ${limit}::integer)`, db)
  return found.map((row) => ({
    organizationId: fromUuid('org', String(row.organization_id)),
    id: fromUuid('sch', String(row.id)),
    cron: String(row.cron),
    timeZone: String(row.time_zone),
    paused: Boolean(row.paused),
    overlap: row.overlap as 'skip' | 'start',
    catchUpSeconds: Number(row.catch_up_seconds),
    revision: Number(row.revision),
    mirroredRevision: Number(row.mirrored_revision),
    deleted: Boolean(row.deleted),
    updatedAt: date(row.updated_at),
  }))
}

export async function organizationOfSchedule(scheduleId: string, db: Database = workerDb()): Promise<string | null> {
  const found = await answer<string | null>(sql`select engine_find_schedule(${toUuid(scheduleId, 'sch')})`, db)
  return found ? fromUuid('org', found) : null
}

/** Seconds that the oldest thing which could move has been standing. */
export async function oldestDueSeconds(db: Database = workerDb()): Promise<number> {
  return Number(await answer<number>(sql`select engine_oldest_due()`, db))
}

export async function tidyEngine(db: Database = workerDb()): Promise<number> {
  return Number(await answer<number>(sql`select engine_tidy()`, db))
}
