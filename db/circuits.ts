import { sql } from 'drizzle-orm'
import { type Database, workerDb } from '@/db/client'
import { derivedId } from '@/db/derived-id'
import { answer, json, type Told } from '@/db/engine'
import { fromUuid, toUuid } from '@/db/ids'
import type { CircuitState } from '@/db/schema'
import type { ErrorClass, StepError } from '@/workflows/nodes/errors'

/** The functions of circuits (drizzle/0011_circuits.sql), as the worker calls them. */

export interface KnownCircuit {
  organizationId: string
  id: string
  state: CircuitState
  failures: number
  /** When the next call may try; null where somebody has to do something first. */
  until: Date | null
}
export interface CircuitPlace {
  organizationId: string
  id: string
  credentialId: string | null
  host: string
}

/** The same for the same host and credential in every worker, so that no look-up is needed. */
export function circuitIdOf(organizationId: string, credentialId: string | null, host: string): string {
  return derivedId('circ', organizationId, credentialId ?? '', host)
}

type Row = Record<string, unknown> & { told?: Told[] | null }
type WithTold = { known: KnownCircuit | null; told: Told[] }

export async function circuitFailed(
  place: CircuitPlace,
  error: Pick<StepError, 'class' | 'code' | 'message'>,
  rules: {
    threshold: number
    forgetMs: number
    firstWaitMs: number
    longestWaitMs: number
    retryAfterMs: number
    beganMs: number
    probe: boolean
  },
  db: Database = workerDb(),
): Promise<WithTold> {
  const row = await answer<Row>(
    sql`select circuit_failed(${toUuid(place.organizationId, 'org')}, ${toUuid(place.id, 'circ')},
      ${place.credentialId ? toUuid(place.credentialId, 'cred') : null}::uuid, ${place.host}, ${json(error)}, ${json(rules)})`,
    db,
  )
  return withTold(row)
}

export async function circuitWorked(
  { organizationId, id }: CircuitPlace,
  call: { beganMs: number; probe: boolean },
  db: Database = workerDb(),
): Promise<WithTold> {
  const row = await answer<Row | null>(
    sql`select circuit_worked(${toUuid(organizationId, 'org')}, ${toUuid(id, 'circ')}, ${call.beganMs}::integer, ${call.probe}::boolean)`,
    db,
  )
  return withTold(row)
}

export type CircuitEntry = { known: KnownCircuit | null } & (
  | { outcome: 'go' | 'probe' }
  | { outcome: 'held'; kind: ErrorClass; message: string }
)

export async function enterCircuit(
  { organizationId, id }: CircuitPlace,
  step: { runId: string; path: string; leaseMs: number },
  db: Database = workerDb(),
): Promise<CircuitEntry> {
  const row = await answer<Row>(
    sql`select circuit_enter(${toUuid(organizationId, 'org')}, ${toUuid(id, 'circ')}, ${toUuid(step.runId, 'run')}, ${step.path},
      ${step.leaseMs}::integer)`,
    db,
  )
  const known = row.state ? knownFrom(row) : null
  if (row.outcome === 'go' || row.outcome === 'probe') return { outcome: row.outcome, known }
  return { outcome: 'held', known, kind: row.kind as ErrorClass, message: String(row.message ?? '') }
}

/** The circuits there are, and the runs whose turn it is to go on. */
export async function turnCircuits(
  rules: { first: number; most: number; forgetMs: number },
  db: Database = workerDb(),
): Promise<{ circuits: KnownCircuit[]; wake: string[]; told: (Told & { organizationId: string })[] }> {
  const row = await answer<{ circuits: Row[]; wake: string[]; told: (Told & { organization_id: string })[] }>(
    sql`select circuit_turn(${rules.first}::integer, ${rules.most}::integer, ${rules.forgetMs}::integer)`,
    db,
  )
  return {
    circuits: row.circuits.map(knownFrom),
    wake: row.wake,
    told: row.told.map(({ organization_id, ...told }) => ({ ...told, organizationId: fromUuid('org', organization_id) })),
  }
}

function withTold(row: Row | null): WithTold {
  return row ? { known: knownFrom(row), told: row.told ?? [] } : { known: null, told: [] }
}

function knownFrom(row: Row): KnownCircuit {
  return {
    organizationId: fromUuid('org', String(row.organizationId)),
    id: fromUuid('circ', String(row.id)),
    state: row.state as CircuitState,
    failures: Number(row.failures),
    until: row.until ? new Date(String(row.until)) : null,
  }
}
