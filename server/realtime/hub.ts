import postgres, { type Sql } from 'postgres'
import { fromUuid, type IdPrefix } from '@/db/ids'
import { config } from '@/server/config'
import { log } from '@/server/log'
import type { Json } from '@/workflows/graph/schema'
import type { LiveEvent } from './live-event'

type Listener = (event: LiveEvent) => void

/** The answer of a run to the call that started it; null when there is something to be read that was too large to be told. */
export type Answer = { status: number; headers: Record<string, string>; body: Json } | null

export interface Hub {
  /** Everything said about an organization from now on; the answer ends it. */
  subscribe(organizationId: string, listener: Listener): () => void
  /** What a worker says of this run to whoever waits for its answer; the answer ends it. */
  expect(runId: string, listener: (answer: Answer) => void): () => void
  /** Called when the connection came back: whatever was said meanwhile has to be read again. */
  onReconnect(listener: () => void): () => void
  close(): Promise<void>
}

const prefixes: Record<string, IdPrefix> = {
  run: 'run',
  step: 'run',
  response: 'run',
  workflow: 'wf',
  draft: 'wf',
  version: 'ver',
  dead_letter: 'dl',
  task: 'task',
  schedule: 'sch',
  credential: 'cred',
  circuit: 'circ',
  variable: 'var',
  template: 'tpl',
  model_price: 'price',
  project: 'prj',
  api_key: 'key',
  people: 'usr',
  organization: 'org',
}

const kept = globalThis as typeof globalThis & { millraceHub?: Hub }

/** One LISTEN connection a process, shared by all who wait. */
export function hub(): Hub {
  kept.millraceHub ??= createHub(() =>
    postgres(config().databaseUrl, {
      max: 1,
      idle_timeout: 0,
      keep_alive: 15,
      connection: { application_name: 'millrace-live' },
      onnotice: () => {},
    }),
  )
  return kept.millraceHub
}

export async function closeHub(): Promise<void> {
  const open = kept.millraceHub
  delete kept.millraceHub
  await open?.close()
}

export function createHub(connect: () => Sql): Hub {
  const listeners = new Map<string, Set<Listener>>()
  const expected = new Map<string, (answer: Answer) => void>()
  const reconnected = new Set<() => void>()
  let sql: Sql | null = null
  let retry: NodeJS.Timeout | null = null
  let closed = false
  let wasOpen = false

  const listen = () => {
    if (closed) return
    const connection = connect()
    sql = connection
    Promise.all([
      connection.listen('millrace', receive, () => {
        if (wasOpen) for (const listener of reconnected) listener()
        wasOpen = true
      }),
      connection.listen('millrace_answers', receiveAnswer),
    ]).catch((error) => {
      log.warn('listening for changes failed', { error })
      void connection.end({ timeout: 1 }).catch(() => {})
      retry = setTimeout(listen, 1000)
    })
  }

  const receive = (payload: string) => {
    const event = readEvent(payload)
    if (!event) return
    for (const listener of listeners.get(event.organizationId) ?? []) {
      try {
        listener(event)
      } catch (error) {
        log.error('a listener failed', { error })
      }
    }
  }

  const receiveAnswer = (payload: string) => {
    // Most answers are for another web process, and its run ids stand first.
    const listener = expected.get(payload.slice(6, 42))
    if (!listener) return
    try {
      listener((JSON.parse(payload) as { a?: NonNullable<Answer> }).a ?? null)
    } catch (error) {
      log.error('an answer could not be read', { error })
    }
  }

  return {
    expect(runId, listener) {
      if (!sql) listen()
      expected.set(runId, listener)
      return () => {
        if (expected.get(runId) === listener) expected.delete(runId)
      }
    },
    subscribe(organizationId, listener) {
      if (!sql) listen()
      const those = listeners.get(organizationId) ?? new Set()
      listeners.set(organizationId, those)
      those.add(listener)
      return () => {
        those.delete(listener)
        if (those.size === 0 && listeners.get(organizationId) === those) listeners.delete(organizationId)
      }
    },
    onReconnect(listener) {
      reconnected.add(listener)
      return () => void reconnected.delete(listener)
    },
    async close() {
      closed = true
      if (retry) clearTimeout(retry)
      await sql?.end({ timeout: 1 }).catch(() => {})
    },
  }
}

function readEvent(payload: string): (LiveEvent & { organizationId: string }) | null {
  try {
    const { o, k, i, s } = JSON.parse(payload) as { o: string; k: string; i: string[]; s?: number }
    return {
      organizationId: o.startsWith('org_') ? o : fromUuid('org', o),
      kind: k,
      ids: (i ?? []).map((id) => shownId(k, id)),
      seq: s ?? 0,
    }
  } catch {
    return null
  }
}

/** Whoever wrote it may have said the uuid. */
export function shownId(kind: string, id: string): string {
  const prefix = prefixes[kind]
  return prefix && /^[0-9a-f]{8}-/.test(id) ? fromUuid(prefix, id) : id
}
