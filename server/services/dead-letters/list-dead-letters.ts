import { type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { toUuid } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { pageFrom, readIdCursor, writeCursor } from '@/server/services/cursor'
import type { listDeadLettersInput } from './contract'
import { letterFilter } from './letter-filter'
import { findLetters } from './letter-query'

export function listDeadLetters(caller: Caller, input: z.infer<typeof listDeadLettersInput>) {
  return inOrganization(caller.organizationId, async (tx) => {
    const where: SQL[] = letterFilter(caller, input)
    if (input.state) where.push(sql`d.state = ${input.state}`)
    if (input.signature) where.push(sql`d.signature = ${input.signature}`)
    if (input.cursor) where.push(sql`d.id < ${readIdCursor(input.cursor)}::uuid`)
    return pageFrom(await findLetters(tx, caller, where, input.limit + 1), input.limit, (item) => writeCursor([toUuid(item.id, 'dl')]))
  })
}
