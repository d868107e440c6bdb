import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { inOrganization, type Transaction } from '@/db/client'
import { derivedId } from '@/db/derived-id'
import { toUuid } from '@/db/ids'
import type { GateAnswer, GateCall } from '@/workflows/runtime/types'

interface Run {
  organizationId: string
  workflowId: string
  runId: string
  /** A test in the editor: it holds back no run, and none holds it back. */
  byHand?: boolean
}

/**
 * Counts what passes a throttle or a debounce, for all runs of a workflow but tests, which count by themselves; the same step of the same
 * run counts once.
 */
export function passGate(run: Run, call: GateCall): Promise<GateAnswer> {
  const { organizationId, workflowId, runId, byHand } = run
  const gate = {
    organization: toUuid(organizationId, 'org'),
    place: `${byHand ? runId : workflowId}:${call.nodeId}`,
    me: toUuid(derivedId('run', runId, call.path), 'run'),
  }
  return inOrganization(organizationId, (tx) => (call.kind === 'throttle' ? throttle(tx, gate, call) : debounce(tx, gate, call)))
}

interface Gate {
  organization: string
  place: string
  me: string
}

/** Each pass is a row until its time is over; the oldest of them says when the next may pass. */
async function throttle(tx: Transaction, gate: Gate, call: Extract<GateCall, { kind: 'throttle' }>): Promise<GateAnswer> {
  const source = `throttle:${gate.place}:${hashOf(call.key).toString('hex').slice(0, 32)}`
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`millrace:${source}`}, 0))`)
  const [found] = await tx.execute<{ passed: number; mine: boolean; until: string | null }>(sql`
    select count(*)::integer as passed, coalesce(bool_or(run_id = ${gate.me}::uuid), false) as mine, min(expires_at)::text as until
      from run_dedupe where organization_id = ${gate.organization}::uuid and source = ${source} and expires_at > now()`)
  if (found?.mine) return { outcome: 'pass' }
  if (found && found.passed >= call.limit && found.until) return { outcome: 'wait', until: new Date(found.until) }
  await keep(tx, gate, { source, keyHash: hashOf(gate.me), ms: call.withinMs })
  return { outcome: 'pass' }
}

/** The newest run has the row; when its time has come, whoever still has it goes on. */
async function debounce(tx: Transaction, gate: Gate, call: Extract<GateCall, { kind: 'debounce' }>): Promise<GateAnswer> {
  const source = `debounce:${gate.place}`
  const keyHash = hashOf(call.key)
  // Kept longer than anybody waits for it, so that an older run finds who came after it.
  if (call.isNew) await keep(tx, gate, { source, keyHash, ms: call.quietMs + 86_400_000 })
  const [row] = await tx.execute<{ mine: boolean }>(sql`
    select run_id = ${gate.me}::uuid as mine from run_dedupe
      where organization_id = ${gate.organization}::uuid and source = ${source} and key_hash = ${keyHash}`)
  if (row && !row.mine) return { outcome: 'superseded' }
  return call.isNew ? { outcome: 'wait', until: new Date(Date.now() + call.quietMs) } : { outcome: 'pass' }
}

/** An older run does not take the place of a newer one: their ids begin with their time. */
async function keep(tx: Transaction, gate: Gate, row: { source: string; keyHash: Buffer; ms: number }): Promise<void> {
  await tx.execute(sql`
    insert into run_dedupe as d (organization_id, source, key_hash, run_id, expires_at)
      values (${gate.organization}::uuid, ${row.source}, ${row.keyHash}, ${gate.me}::uuid, now() + make_interval(secs => ${row.ms / 1_000}::float8))
      on conflict (organization_id, source, key_hash) do update set run_id = excluded.run_id, expires_at = excluded.expires_at
        where d.run_id <= excluded.run_id`)
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
