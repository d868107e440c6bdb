import { and, eq, inArray } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { drafts, workflowVersions } from '@/db/schema'
import { contentHash } from '@/workflows/graph/content-hash'
import { validate } from '@/workflows/graph/validate'
import { catalogue } from '@/workflows/nodes/catalogue'
import { upToDate } from './get-graph'
import { surroundingsOf } from './surroundings'
import { triggersOf } from './triggers-of'

interface Facts {
  changed: boolean
  /** Errors that would stop a publish. */
  problems: number
  triggers: string[]
}

/** By draft revision and live version, so that a list checks each graph once. Credentials may change beneath: it is forgotten after a minute. */
const remembered = new Map<string, { facts: Facts; until: number }>()

export async function draftFacts(
  tx: Transaction,
  organizationId: string,
  wanted: readonly { workflowId: string; projectId: string; revision: number; versionId: string | null }[],
): Promise<Map<string, Facts>> {
  const now = Date.now()
  const keyOf = (one: (typeof wanted)[number]) => `${one.workflowId} ${one.revision} ${one.versionId} ${one.projectId}`
  const missing = wanted.filter((one) => (remembered.get(keyOf(one))?.until ?? 0) < now)
  if (missing.length > 0) {
    const rows = await tx
      .select({ workflowId: drafts.workflowId, graph: drafts.graph })
      .from(drafts)
      .where(
        and(
          eq(drafts.organizationId, organizationId),
          inArray(
            drafts.workflowId,
            missing.map((one) => one.workflowId),
          ),
        ),
      )
    const versionIds = missing.flatMap((one) => (one.versionId ? [one.versionId] : []))
    const versions =
      versionIds.length === 0
        ? []
        : await tx
            .select({ id: workflowVersions.id, graph: workflowVersions.graph, contentHash: workflowVersions.contentHash })
            .from(workflowVersions)
            .where(and(eq(workflowVersions.organizationId, organizationId), inArray(workflowVersions.id, versionIds)))
    const graphs = new Map(rows.map((row) => [row.workflowId, upToDate(row.graph)]))
    const live = new Map(versions.map((version) => [version.id, version]))
    const surroundings = new Map<string, Awaited<ReturnType<typeof surroundingsOf>>>()
    if (remembered.size > 20_000) remembered.clear()
    for (const one of missing) {
      const graph = graphs.get(one.workflowId)
      if (!graph) continue
      const around = surroundings.get(one.projectId) ?? (await surroundingsOf(tx, organizationId, one.projectId))
      surroundings.set(one.projectId, around)
      const version = one.versionId ? live.get(one.versionId) : undefined
      const facts = {
        changed: !version || Buffer.from(version.contentHash).toString('hex') !== contentHash(graph),
        problems: validate(graph, catalogue, around).filter((problem) => problem.severity === 'error').length,
        triggers: [
          ...new Set(
            triggersOf(version?.graph ?? graph)
              .filter((trigger) => !trigger.disabled)
              .map((trigger) => trigger.kind),
          ),
        ],
      }
      remembered.set(keyOf(one), { facts, until: now + 60_000 })
    }
  }
  return new Map(
    wanted.flatMap((one) => {
      const found = remembered.get(keyOf(one))
      return found ? [[one.workflowId, found.facts] as const] : []
    }),
  )
}
