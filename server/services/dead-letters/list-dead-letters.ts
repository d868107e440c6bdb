import { type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { toUuid } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { pageFrom, readIdCursor, writeCursor } from '@/server/services/cursor'
import type { listDeadLettersInput } from './contract'
import { findLetters } from './letter-query'

export function listDeadLetters(caller: Caller, input: z.infer<typeof listDeadLettersInput>) {
  return inOrganization(caller.organizationId, async (tx) => {
    const where: SQL[] = []
    if (input.state) where.push(sql`d.state = ${input.state}`)
    if (input.workflowId) where.push(sql`d.workflow_id = ${toUuid(input.workflowId, 'wf')}::uuid`)
    if (input.projectId) where.push(sql`d.project_id = ${toUuid(input.projectId, 'prj')}::uuid`)
    if (input.signature) where.push(sql`d.signature = ${input.signature}`)
    if (input.mine) where.push(caller.userId ? sql`d.owner_id = ${toUuid(caller.userId, 'usr')}::uuid` : sql`false`)
    if (input.cursor) where.push(sql`d.id < ${readIdCursor(input.cursor)}::uuid`)
    return pageFrom(await findLetters(tx, caller, where, input.limit + 1), input.limit, (item) => writeCursor([toUuid(item.id, 'dl')]))
  })
}
