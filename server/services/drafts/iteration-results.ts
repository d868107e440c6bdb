import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { fromUuid, toUuid } from '@/db/ids'
import { runs, workflowVersions } from '@/db/schema'
import { previewOf } from '@/server/services/blobs/blob-store'
import { numberFrom, numberOrNull, rowsOf, textOrNull } from '@/server/services/rows'
import { basesOf } from '@/workflows/graph/basis-of'
import type { Graph, Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { nodeIdOf } from '@/workflows/runtime/node-id-of'
import type { DraftResult } from './contract'

/** Newest tests that are looked through for the one that a container's result is from. */
const testsAtMost = 20
/** Characters of one value that are sent; of a larger one its beginning. */
const mostLength = 128_000

interface Source {
  organizationId: string
  runId: string
  /** What the container gave counts for what stands in it: as old, from the same kind of run. */
  container: DraftResult
  bases: ReadonlyMap<string, string>
}

/**
 * What the steps in containers gave: of a loop its first item, or the one at which it failed, as the newest run keeps it that this
 * container's own result is from. What has a result of its own already keeps it.
 * `chosen` is the iteration of a container that is asked for instead.
 */
export async function iterationResults(
  tx: Transaction,
  organizationId: string,
  workflowId: string,
  graph: Graph,
  results: readonly DraftResult[],
  chosen?: { containerId: string; index: number },
): Promise<InIteration[]> {
  const holders = new Set(graph.nodes.flatMap((node) => node.parent ?? []))
  const outermost = new Set(graph.nodes.filter((node) => node.parent === undefined && holders.has(node.id)).map((node) => node.id))
  const containers = results.filter((one) => outermost.has(one.nodeId) && !one.pinned && (one.source === 'test' || one.source === 'run'))
  const known = new Set(results.map((one) => one.nodeId))
  const nodes = new Set(graph.nodes.map((node) => node.id))
  const found: InIteration[] = []
  for (const container of containers) {
    const source = await sourceOf(tx, organizationId, workflowId, container)
    if (!source) continue
    const todo: Holder[] = [{ ...container, path: container.nodeId }]
    for (let holder = todo.pop(); holder !== undefined; holder = todo.pop()) {
      const index = chosen && nodeIdOf(holder.path) === chosen.containerId ? chosen.index : (failedIn(holder) ?? 0)
      for (const one of await resultsIn(tx, source, holder, index)) {
        if (holders.has(one.nodeId)) todo.push({ ...one, path: one.iteration.path })
        if (nodes.has(one.nodeId) && !known.has(one.nodeId)) found.push(one)
      }
    }
  }
  return found
}

async function sourceOf(tx: Transaction, organizationId: string, workflowId: string, container: DraftResult): Promise<Source | null> {
  const ofKind = container.source === 'test' ? sql`trigger = 'test'` : sql`trigger <> 'test'`
  const newest = await tx
    .select({ id: runs.id, versionId: runs.versionId })
    .from(runs)
    .where(and(eq(runs.organizationId, organizationId), eq(runs.workflowId, workflowId), ofKind))
    .orderBy(desc(runs.id))
    .limit(container.source === 'test' ? testsAtMost : 1)
  if (newest.length === 0) return null
  const ids = sql.join(
    newest.map((run) => sql`${toUuid(run.id, 'run')}::uuid`),
    sql`, `,
  )
  // One that is held in the container, or was cancelled there, left it without a result; that is still of the one before.
  const ended =
    container.status === 'waiting' ? sql`` : sql`and status in ('succeeded', 'failed') and error ->> 'class' is distinct from 'cancelled'`
  // What a test took as known stands before its first step.
  const [row] = await rowsOf(
    tx,
    sql`select run_id from run_steps where organization_id = ${toUuid(organizationId, 'org')} and run_id in (${ids})
      and path = ${container.nodeId} and seq >= 0 and attempt > 0 ${ended} order by run_id desc limit 1`,
  )
  if (!row) return null
  const runId = fromUuid('run', String(row.run_id))
  const versionId = newest.find((run) => run.id === runId)?.versionId
  const [version] = versionId
    ? await tx
        .select({ graph: workflowVersions.graph })
        .from(workflowVersions)
        .where(and(eq(workflowVersions.organizationId, organizationId), eq(workflowVersions.id, versionId)))
    : []
  return { organizationId, runId, container, bases: version ? basesOf(version.graph, catalogue) : new Map() }
}

type Holder = Pick<DraftResult, 'status' | 'input' | 'error'> & { path: string }
type InIteration = DraftResult & { iteration: NonNullable<DraftResult['iteration']> }

/** What the steps directly in a container gave in one of its iterations, or in each of its named parts. */
async function resultsIn(tx: Transaction, source: Source, holder: Holder, index: number): Promise<InIteration[]> {
  const { organizationId, runId, container, bases } = source
  const prefix = `${holder.path}/`
  const ofRun = sql`r.organization_id = ${toUuid(organizationId, 'org')} and r.run_id = ${toUuid(runId, 'run')} and r.attempt > 0
    and starts_with(r.path, ${prefix})`
  // Of an item that is tried again a point and the number of the try follow its own.
  const number = sql`nullif(substring(parts.rest from '^[0-9]+'), '')::integer`
  const rows = await rowsOf(
    tx,
    sql`select distinct on (s.node) s.path, s.status, s.port, s.input, s.output, s.error, s.duration_us, s.number, b.bytes
      from (select r.*, split_part(parts.rest, '/', 2) as node, ${number} as number
        from run_steps r, lateral (select substr(r.path, ${prefix.length + 1}::integer) as rest) parts
        where ${ofRun} and r.status in ('succeeded', 'failed') and split_part(parts.rest, '/', 2) <> '' and split_part(parts.rest, '/', 3) = ''
          and (${number} is null or ${number} = ${index}::integer)) s
      left join blobs b on b.organization_id = s.organization_id and b.hash = s.blob_hash
      order by s.node, s.seq desc limit 500`,
  )
  const numbered = rows.some((row) => row.number !== null)
  const total = numbered ? (itemsOf(holder.input) ?? (await countRounds(tx, ofRun, prefix))) : null
  return rows.map((row) => {
    const stepPath = String(row.path)
    const nodeId = nodeIdOf(stepPath)
    const text = JSON.stringify(row.output ?? null)
    const bytes = numberOrNull(row.bytes) ?? (text.length > mostLength ? text.length : null)
    return {
      nodeId,
      status: String(row.status),
      port: textOrNull(row.port),
      input: (row.input ?? null) as Json,
      output: bytes === null ? ((row.output ?? null) as Json) : previewOf(text),
      error: (row.error ?? null) as DraftResult['error'],
      durationMs: numberFrom(row.duration_us) / 1000,
      stale: container.stale,
      basis: bases.get(nodeId) ?? 'unknown',
      outputBytes: bytes,
      pinned: false,
      source: container.source,
      at: container.at,
      iteration: {
        runId,
        path: stepPath,
        index: row.number === null ? null : index,
        total: row.number === null ? null : total,
      },
    }
  })
}

/** The iteration at which a container failed, as its error names the step. */
function failedIn({ status, error, path: holder }: Holder): number | null {
  const prefix = `${holder}/`
  const path = (status === 'failed' && error?.path) || ''
  const [, number] = path.startsWith(prefix) ? (/^(\d+)/.exec(path.slice(prefix.length)) ?? []) : []
  return number === undefined ? null : Number(number)
}

/** A loop records how many items it has; how many rounds there were shows in their steps alone. */
function itemsOf(input: Json): number | null {
  return typeof input === 'object' && input !== null && !Array.isArray(input) && typeof input.items === 'number' ? input.items : null
}

async function countRounds(tx: Transaction, ofRun: SQL, prefix: string): Promise<number> {
  const [row] = await rowsOf(
    tx,
    sql`select count(distinct split_part(substr(r.path, ${prefix.length + 1}::integer), '/', 1)) as rounds from run_steps r where ${ofRun}`,
  )
  return numberFrom(row?.rounds)
}
