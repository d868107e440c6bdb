import { and, asc, count, eq, inArray, notInArray } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { deadLetters } from '@/db/schema'
import { type Caller, visibleProjects } from '@/server/auth/caller'
import { ServiceError } from '@/server/services/service-error'
import type { resolveManyInput } from './contract'
import { resolveIn } from './resolve-dead-letter'

const most = 200

/** Up to 200 at a time, each in a transaction of its own: one that cannot be resolved leaves the others alone. */
export async function resolveMany(caller: Caller, input: z.infer<typeof resolveManyInput>) {
  const { organizationId } = caller
  if ((input.signature === undefined) === (input.ids === undefined)) {
    throw new ServiceError('BAD_REQUEST', 'Name either a signature or ids.', {
      pointer: '/signature',
      hint: 'A signature stands for all open dead letters of a group.',
    })
  }
  const open = and(
    eq(deadLetters.organizationId, organizationId),
    eq(deadLetters.state, 'open'),
    inProjectsOf(caller),
    input.signature === undefined ? inArray(deadLetters.id, input.ids ?? []) : eq(deadLetters.signature, input.signature),
  )
  const wanted = await inOrganization(organizationId, (tx) =>
    tx.select({ id: deadLetters.id }).from(deadLetters).where(open).orderBy(asc(deadLetters.id)).limit(most),
  )
  const known = new Set(wanted.map((row) => row.id))
  const resolved: { deadLetterId: string; runId: string }[] = []
  const refused = (input.ids ?? [])
    .filter((id) => !known.has(id))
    .map((id) => ({ deadLetterId: id, message: 'There is no such open dead letter.' }))
  for (const { id } of wanted) {
    try {
      const runId = await inOrganization(organizationId, (tx) =>
        resolveIn(tx, caller, { deadLetterId: id, ...(input.versionId ? { versionId: input.versionId } : {}) }),
      )
      resolved.push({ deadLetterId: id, runId })
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      refused.push({ deadLetterId: id, message: error.message })
    }
  }
  const [left] =
    input.signature === undefined
      ? []
      : await inOrganization(organizationId, (tx) => tx.select({ total: count() }).from(deadLetters).where(open))
  return { resolved, refused, remaining: left?.total ?? 0 }
}

/** Of the others it is not even said that there are any. */
function inProjectsOf(caller: Caller) {
  const seen = visibleProjects(caller, 'deadletter.read')
  return 'only' in seen ? inArray(deadLetters.projectId, seen.only) : notInArray(deadLetters.projectId, seen.except)
}
