import { sql } from 'drizzle-orm'
import { askDirectly, type Database, workerDb } from '@/db/client'
import { answer, type Fence, type FinishedRun, json, type RunEnd, rows, signatureOf, type TakenRun, takenFrom, uuids } from '@/db/engine'
import { fromUuid, toUuid } from '@/db/ids'

/** The lane's functions (drizzle/0008_lane.sql, 0017_handed.sql, 0024_taken_at_once.sql): many runs in one statement. */

export interface Claim {
  holderId: string
  limit: number
  after: string | null
  lost: boolean
}
export interface Claimed {
  runs: TakenRun[]
  /** There may be more. */
  more: boolean
}

const firstUuid = '00000000-0000-0000-0000-000000000000'

/** Accepted runs that this worker starts in Temporal now, because there is no lane. */
export async function runsToStart(limit: number, db: Database = workerDb()): Promise<string[]> {
  const found = await rows(sql`select engine_starts(${limit}::integer) as id`, db)
  return found.map(({ id }) => fromUuid('run', String(id)))
}

/** Their start in Temporal did not work. */
export async function markNotDriven(runIds: readonly string[], db: Database = workerDb()): Promise<void> {
  if (runIds.length > 0) await rows(sql`select engine_not_driven(${uuids(runIds)})`, db)
}

/**
 * Says how many runs may stand as this lane's before no further ones are handed to it, 0 when it closes, and answers those that do. Always
 * asked over the same connection: as long as that lives, the lane counts as alive.
 */
export async function tendLane(holderId: string, room: number, connection: Database): Promise<string[]> {
  const found = await rows(sql`select engine_tend(${toUuid(holderId, 'hold')}, ${room}::integer) as id`, connection)
  return found.map(({ id }) => fromUuid('run', String(id)))
}

/** Where a lane hears of runs that are handed to it. */
export const laneChannel = (holderId: string) => `millrace_lane_${toUuid(holderId, 'hold').replaceAll('-', '')}`

/** What a lane hears there; an id alone where the run is too large to be told. */
export function handedFrom(payload: string): TakenRun | string {
  const told = JSON.parse(payload) as Record<string, unknown>
  return told.outcome === 'taken' ? takenFrom(told) : fromUuid('run', String(told.runId))
}

/** Every run that stands as executed by this holder. */
export async function runsOf(holderId: string, db: Database = workerDb()): Promise<string[]> {
  const found = await rows(sql`select engine_held(${toUuid(holderId, 'hold')}) as id`, db)
  return found.map(({ id }) => fromUuid('run', String(id)))
}

/** A run that succeeded in its first slice. */
export interface SucceededRun extends Fence {
  stepsDone: number
  /** JSON texts, as Postgres can hold them. */
  output: string
  steps: string
  /** What whoever waits for the answer hears. */
  answer: string | null
}

/**
 * One statement for all that a lane asks at a time: writes steps, answers and ends of the runs that ended, and takes up to `limit`
 * others, turn by turn from the organization behind `after`; `lost` looks for leases that are over, too.
 */
export async function laneTurn(
  turn: Claim & { ended: readonly SucceededRun[]; host: string },
  db: Database = workerDb(),
): Promise<Claimed & { done: Set<string>; wake: string[] }> {
  const texts = turn.ended.map(({ organizationId, runId, epoch, stepsDone, output, steps, answer }) => {
    const fence = `"o":"${toUuid(organizationId, 'org')}","r":"${toUuid(runId, 'run')}","e":${epoch},"d":${stepsDone}`
    return `{${fence},"x":${output},"s":${steps}${answer === null ? '' : `,"a":${JSON.stringify(answer)}`}}`
  })
  const after = turn.after ? toUuid(turn.after, 'org') : firstUuid
  const ended = texts.length > 0 ? `[${texts.join(',')}]` : null
  const [row] = await askDirectly(
    db,
    'select done, runs, wake from engine_turn($1::text::jsonb, $2::text, $3::uuid, $4::integer, $5::uuid, $6::boolean)',
    [ended, turn.host, toUuid(turn.holderId, 'hold'), turn.limit, after, turn.lost],
  )
  const answers = (row?.runs ?? []) as Record<string, unknown>[]
  return {
    wake: (row?.wake ?? []) as string[],
    done: new Set(((row?.done ?? []) as string[]).map((id) => fromUuid('run', id))),
    runs: answers.filter((run) => run.outcome === 'taken').map(takenFrom),
    more: answers.some((run) => run.outcome === 'more'),
  }
}

/** The last steps and the end of one run in one statement. */
export function endRun(
  { organizationId, runId, epoch }: Fence,
  last: { steps: string; begins: boolean },
  end: RunEnd,
  db: Database = workerDb(),
): Promise<FinishedRun | { outcome: 'fenced' }> {
  return answer(
    sql`select engine_end(${toUuid(organizationId, 'org')}, ${toUuid(runId, 'run')}, ${epoch}::integer, ${last.steps}::text::jsonb,
      ${last.begins}::boolean, ${end.status}, ${json(end.output)}, ${json(end.error)}, ${signatureOf(end)})`,
    db,
  )
}
