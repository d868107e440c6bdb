import { and, desc, eq, gte, like, lt } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { auditEvents, auditPeople } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { ServiceError } from '@/server/services/service-error'
import type { Json } from '@/workflows/graph/schema'

export interface ListAuditInput {
  /** A person's or key's id, or the part of the system. */
  actor?: string | undefined
  /** `workflow.publish`, or `workflow.` for all acts on workflows. */
  action?: string | undefined
  target?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
  cursor?: string | undefined
  limit?: number
}

/** Newest first. */
export async function listAuditEvents(caller: Caller, input: ListAuditInput = {}) {
  const limit = Math.min(input.limit ?? 50, 100)
  const before = input.cursor === undefined ? null : Number(input.cursor)
  if (before !== null && !Number.isSafeInteger(before))
    throw new ServiceError('BAD_REQUEST', 'This cursor is not one that the list gave out. Start again without it.', { pointer: '/cursor' })
  const rows = await inOrganization(caller.organizationId, (tx) =>
    tx
      .select({ event: auditEvents, person: auditPeople })
      .from(auditEvents)
      .leftJoin(auditPeople, and(eq(auditPeople.organizationId, auditEvents.organizationId), eq(auditPeople.eventId, auditEvents.id)))
      .where(
        and(
          before === null ? undefined : lt(auditEvents.seq, before),
          input.actor ? eq(auditEvents.actorId, input.actor) : undefined,
          input.action
            ? input.action.endsWith('.')
              ? like(auditEvents.action, `${input.action.replaceAll(/[%_\\]/g, '\\$&')}%`)
              : eq(auditEvents.action, input.action)
            : undefined,
          input.target ? eq(auditEvents.targetId, input.target) : undefined,
          input.from ? gte(auditEvents.at, input.from) : undefined,
          input.to ? lt(auditEvents.at, input.to) : undefined,
        ),
      )
      .orderBy(desc(auditEvents.seq))
      .limit(limit + 1),
  )
  const page = rows.slice(0, limit)
  return {
    items: page.map(({ event, person }) => {
      const { targetName, ...detail } = event.detail as Record<string, Json>
      return {
        id: event.id,
        seq: event.seq,
        at: event.at,
        actor: { kind: event.actorKind, id: event.actorId, name: person?.name ?? (event.actorKind === 'system' ? event.actorId : null) },
        action: event.action,
        target: { kind: event.targetKind, id: event.targetId, name: typeof targetName === 'string' ? targetName : null },
        detail: detail as Json,
      }
    }),
    nextCursor: rows.length > limit ? String(page.at(-1)?.event.seq) : null,
  }
}
