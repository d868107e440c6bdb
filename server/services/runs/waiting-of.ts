import { type SQL, sql } from 'drizzle-orm'
import { numberFrom, numberOrNull, type Row, textOrNull, timeFrom, timeOrNull } from '@/server/services/rows'
import { type RunItem, waitKinds } from './contract'

/** Columns that tell who holds a run and what it waits for, where its live row is `l`, its holder `h` and its circuit `k`. */
export function waitingColumns(org: string): SQL {
  return sql`l.state as live_state, l.epoch as live_epoch, l.changed_at as live_changed_at, l.due_at as live_due_at, l.pause_at, l.cancel_at,
      l.wake_seq > l.wake_seen as woken, h.host as holder_host, h.lease_until, h.lease_until < clock_timestamp() as holder_lost,
      l.due_at <= clock_timestamp() as is_due, r.waiting_for,
      case k.state when 'probing' then k.probe_until when 'open' then k.try_at end as circuit_at, k.failures as circuit_failures,
      case when l.state = 'waiting' and r.waiting_for ->> 'kind' = 'chunks' then (
        select jsonb_build_object('items', max(c.items), 'done', coalesce(sum(c.to_item - c.from_item) filter (where c.state = 'ended'), 0),
          'workers', count(distinct c.holder_id))
        from run_chunks c where c.organization_id = ${org} and c.run_id = r.id and c.path = r.waiting_for ->> 'path') end as chunks,
      case when l.state = 'waiting' then coalesce(
        case when r.waiting_for ->> 'kind' = 'circuit'
          then (select c.since from circuit_waits c where c.organization_id = ${org} and c.run_id = r.id and c.path = r.waiting_for ->> 'path')
          else (select w.created_at from run_waits w where w.organization_id = ${org} and w.run_id = r.id
            and w.path = r.waiting_for ->> 'path' and w.settled_at is null order by w.attempt desc limit 1) end,
        (select e.at from run_events e where e.organization_id = ${org} and e.run_id = r.id and e.kind = 'waiting' order by e.id desc limit 1)
      ) end as waits_since,
      case when l.state = 'waiting' and l.wake_seq > l.wake_seen
        then (select max(w.settled_at) from run_waits w where w.organization_id = ${org} and w.run_id = r.id) end as settled_at`
}

/** The worker that has the run, since when, and how long its word lasts unless it renews it. */
export function holderFrom(row: Row): RunItem['holder'] {
  if (row.live_state !== 'running' || row.holder_host === null || row.holder_host === undefined) return null
  return { host: String(row.holder_host), since: timeFrom(row.live_changed_at), until: timeFrom(row.lease_until) }
}

/** What must happen before the run goes on; null while a worker executes it, and behind its end. */
export function waitingFrom(row: Row): RunItem['waitingFor'] {
  if (row.finished_at !== null || row.live_state === null) return null
  const waiting = typeof row.waiting_for === 'object' && row.waiting_for !== null ? (row.waiting_for as Row) : null
  const changed = timeFrom(row.live_changed_at)
  if (row.live_state === 'running') {
    // Nobody holds it any more: another worker takes it over.
    return row.holder_lost === true ? forWorker(row, timeFrom(row.lease_until)) : null
  }
  const asked = timeOrNull(row.cancel_at)
  if (asked) return forWorker(row, asked)
  const parked = row.live_state === 'waiting' && waiting !== null && row.woken !== true && row.is_due !== true
  const paused = timeOrNull(row.pause_at)
  if (paused && !(parked && waiting.kind !== 'pause')) {
    return { kind: 'pause', path: null, nodeTitle: textOrNull(row.current_title), since: paused, dueAt: null }
  }
  if (parked || isBeforeStart(waiting)) return waitIn(row, waiting as Row)
  if (waiting?.kind === 'worker' && numberOrNull(waiting.epoch) === numberFrom(row.live_epoch)) {
    return forWorker(row, timeFrom(waiting.since), textOrNull(waiting.queue) ?? 'default')
  }
  if (row.is_due === true) return forWorker(row, timeFrom(row.live_due_at))
  const settled = timeOrNull(row.settled_at)
  const parkedAt = timeOrNull(row.waits_since)
  if (settled && parkedAt && settled >= parkedAt) return forWorker(row, settled)
  return forWorker(row, row.started_at === null && !waiting ? timeFrom(row.created_at) : changed)
}

/** A slot, or a turn by the rate of its workflow: it has not begun. */
function isBeforeStart(waiting: Row | null): boolean {
  return waiting?.kind === 'slot' || waiting?.kind === 'rate'
}

function forWorker(row: Row, since: Date, queue = 'default'): RunItem['waitingFor'] {
  return { kind: 'worker', path: null, nodeTitle: textOrNull(row.current_title), since, dueAt: null, queue }
}

function waitIn(row: Row, waiting: Row): RunItem['waitingFor'] {
  const circuit = waiting.kind === 'circuit' ? (waiting.circuit as Row | null) : null
  const chunks = typeof row.chunks === 'object' ? (row.chunks as Row | null) : null
  return {
    kind: waitKinds.find((kind) => kind === waiting.kind) ?? 'time',
    path: textOrNull(waiting.path),
    nodeTitle: textOrNull(row.current_title),
    since: timeOrNull(row.waits_since) ?? timeFrom(row.created_at),
    // What is tried for all of them may have moved since the run began to wait.
    dueAt: timeOrNull(circuit ? row.circuit_at : waiting.dueAt),
    ...(circuit
      ? {
          circuit: {
            host: textOrNull(circuit.host) ?? '',
            failures: numberOrNull(row.circuit_failures) ?? numberFrom(circuit.failures),
            refused: circuit.refused === true,
          },
        }
      : {}),
    ...(chunks && chunks.items !== null
      ? { chunks: { items: numberFrom(chunks.items), done: numberFrom(chunks.done), workers: numberFrom(chunks.workers) } }
      : {}),
  }
}
