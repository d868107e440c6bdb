import { AsyncLocalStorage } from 'node:async_hooks'
import { type ExtractTablesWithRelations, sql } from 'drizzle-orm'
import type { PgDatabase, PgTransaction } from 'drizzle-orm/pg-core'
import { drizzle, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'
import postgres, { type Sql } from 'postgres'
import { toUuid } from '@/db/ids'
import * as schema from '@/db/schema'
import { needsDriversSocket, watchedSocket } from '@/db/watched-socket'
import { config } from '@/server/config'

type Relations = ExtractTablesWithRelations<typeof schema>
export type Transaction = PgTransaction<PostgresJsQueryResultHKT, typeof schema, Relations>
/** A pool or a transaction: what queries can be asked of. */
export type Database = PgDatabase<PostgresJsQueryResultHKT, typeof schema, Relations>
export type Pool = Database & { $client: Sql }

const kept = globalThis as typeof globalThis & { millracePools?: Map<string, Pool>; millraceDefault?: 'web' | 'worker' }
const scoped = new AsyncLocalStorage<Database>()

export function webDb(): Pool {
  return pool('web', () => config().databaseUrl, 20)
}
export function workerDb(): Pool {
  return pool('worker', () => config().databaseWorkerUrl, 24)
}

/**
 * What is asked all the time goes over the first free of a few connections: the server keeps plans and pages of the one that was used
 * last at hand, while a pool takes its connections in turn and finds each of them cold. `ask` asks one statement.
 */
export function warmWeb<T>(ask: (db: Pool) => Promise<T>): Promise<T> {
  return warm('web', () => config().databaseUrl, webDb, ask)
}
export function warmWorker<T>(ask: (db: Pool) => Promise<T>): Promise<T> {
  return warm('worker', () => config().databaseWorkerUrl, workerDb, ask)
}

const mostWarm = 4
const asked = new Set<string>()

async function warm<T>(name: string, url: () => string, others: () => Pool, ask: (db: Pool) => Promise<T>): Promise<T> {
  for (let place = 1; place <= mostWarm; place++) {
    const key = `${name}-warm-${place}`
    if (asked.has(key)) continue
    asked.add(key)
    try {
      return await ask(pool(key, url, 1))
    } finally {
      asked.delete(key)
    }
  }
  return ask(others())
}

/**
 * Asks one statement of the driver itself and answers its rows: for the few that are asked for each step or each run, where building the
 * query would cost a third of what the database then needs for it.
 */
export async function askDirectly(db: Database, statement: string, given: readonly (string | number | boolean | null)[]) {
  return driverOf(db).unsafe<Record<string, unknown>[]>(statement, [...given])
}

function driverOf(db: Database): Sql {
  return '$client' in db ? (db as Pool).$client : (db as unknown as { session: { client: Sql } }).session.client
}

/** The process's own pool; inside `withDatabase` the one given there. */
export function defaultDb(): Database {
  return scoped.getStore() ?? (kept.millraceDefault === 'worker' ? workerDb() : webDb())
}

/** The worker calls this first, so that the services it uses ask through its own role. */
export function askAsWorker(): void {
  kept.millraceDefault = 'worker'
}

/** Asks one statement over a warm connection of the process's own; inside `withDatabase` of what is given there. */
export function warmOwn<T>(ask: (db: Database) => Promise<T>): Promise<T> {
  const given = scoped.getStore()
  if (given) return ask(given)
  return kept.millraceDefault === 'worker' ? warmWorker(ask) : warmWeb(ask)
}

/** Everything `fn` asks goes to that pool or transaction. */
export function withDatabase<T>(database: Database, fn: () => Promise<T>): Promise<T> {
  return scoped.run(database, fn)
}

/**
 * A transaction that sees one organization only. The setting travels in the same round trip as the first statement of `fn`.
 * Nothing but the organization's rows is there: somebody else's id finds nothing.
 */
export async function inOrganization<T>(
  organizationId: string,
  fn: (tx: Transaction) => Promise<T>,
  options: { db?: Database } = {},
): Promise<T> {
  const uuid = toUuid(organizationId, 'org')
  return (options.db ?? defaultDb()).transaction(async (tx) => {
    // Asked of the driver itself, so that it is queued before the first statement of `fn`, which then does not wait for it.
    const setting = driverOf(tx).unsafe(`select set_config('app.organization_id', $1, true)`, [uuid]).execute()
    const [result] = await Promise.all([fn(tx), setting])
    return result
  })
}

/** From here on the transaction sees that organization instead: for set-up, which makes one and hands over another. */
export async function turnToOrganization(tx: Transaction, organizationId: string): Promise<void> {
  await tx.execute(sql`select set_config('app.organization_id', ${toUuid(organizationId, 'org')}, true)`)
}

/** Closes all pools of this process. */
export async function closeDatabases(): Promise<void> {
  const pools = [...(kept.millracePools?.values() ?? [])]
  kept.millracePools?.clear()
  await Promise.all(pools.map((each) => each.$client.end({ timeout: 5 })))
}

function pool(name: string, url: () => string, max: number): Pool {
  kept.millracePools ??= new Map()
  const existing = kept.millracePools.get(name)
  if (existing) return existing
  const made = createPool(url(), { max, name: `millrace-${name}` })
  kept.millracePools.set(name, made)
  return made
}

/** Nothing that people or runs wait for takes so long. */
const answersWithinMs = 30_000

export function createPool(url: string, options: { max?: number; name?: string; answersWithinMs?: number } = {}): Pool {
  const socket = needsDriversSocket(url) ? {} : { socket: watchedSocket(options.answersWithinMs ?? answersWithinMs) }
  const client = postgres(url, {
    max: options.max ?? 10,
    idle_timeout: 60,
    connect_timeout: 10,
    keep_alive: 15,
    // Where the database was away for long, the driver's own rests grow to 20 s.
    backoff: (tries: number) => Math.min(3 ** tries / 100, 1),
    connection: {
      application_name: options.name ?? 'millrace',
      // A line that died in a transaction must not keep its rows locked until the database's system notices.
      idle_in_transaction_session_timeout: 20_000,
    },
    onnotice: () => {},
    ...socket,
  })
  return drizzle(prepared(client), { schema, casing: 'snake_case' })
}

/**
 * Drizzle asks for unnamed statements, which cost postgres.js a second round trip each and stop pipelining. Named ones are
 * described once a connection.
 */
function prepared<Client extends Sql>(client: Client, isOver: () => boolean = () => false): Client {
  return new Proxy(client, {
    get(target, property, receiver) {
      if (property === 'unsafe')
        return (query: string, parameters: never[] = [], more: object = {}) =>
          isOver() ? closed() : target.unsafe(query, parameters, { ...more, prepare: true, simple: false } as never)
      if (property === 'begin' || property === 'savepoint') {
        const open = Reflect.get(target, property, target) as (...args: unknown[]) => Promise<unknown>
        return (...args: unknown[]) => whole(args, (given) => open.apply(target, given), isOver)
      }
      return Reflect.get(target, property, receiver)
    },
  })
}

/** Until the driver has heard that a line closed. */
const closingMs = 50

/**
 * When the line of a transaction closes, the driver rejects the transaction, and still asks for what it is asked then, its own `rollback`
 * first: it writes to a line that is gone, in a turn of its own, and the process ends. So a transaction whose line closed ends by that alone.
 */
function whole(args: readonly unknown[], open: (given: unknown[]) => Promise<unknown>, isOver: () => boolean): Promise<unknown> {
  const fn = args.at(-1) as (inner: Sql) => Promise<unknown>
  let ended = false
  const over = () => ended || isOver()
  const work = (inner: Sql) =>
    new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        if (!over()) reject(error)
      }
      Promise.resolve(fn(prepared(inner, over))).then(resolve, (error) => {
        if (isClosed(error)) setTimeout(fail, closingMs, error)
        else setImmediate(fail, error)
      })
    })
  return open([...args.slice(0, -1), work]).finally(() => {
    ended = true
  })
}

const closedCodes = new Set(['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECTION_ENDED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])

function isClosed(error: unknown, depth = 0): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  if (typeof code === 'string' && closedCodes.has(code)) return true
  return cause !== undefined && depth < 4 && isClosed(cause, depth + 1)
}

function closed() {
  const refused = Promise.reject(Object.assign(new Error('The line of this transaction was closed.'), { code: 'CONNECTION_CLOSED' }))
  refused.catch(() => {})
  return Object.assign(refused, { values: () => refused, execute: () => refused })
}
