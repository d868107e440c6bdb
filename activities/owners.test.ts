import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { inOrganization, workerDb } from '@/db/client'
import { finishRun, takeRun } from '@/db/engine'
import { newId } from '@/db/ids'
import { deadLetters, holders, memberships } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { listGroups } from '@/server/services/dead-letters/list-groups'
import { getOverview } from '@/server/services/home/get-overview'
import { acceptRun } from '@/server/services/runs/accept-run'
import { addMember, asAdmin, makeOrganization, makeWorkflow, type TestOrganization } from '../tests/support/database'
import { graphOf } from '../tests/support/plan-of'

let organization: TestOrganization
const holderId = newId('hold')
beforeAll(async () => {
  organization = await makeOrganization()
  await workerDb()
    .insert(holders)
    .values({ id: holderId, kind: 'worker', host: 'test', pid: 1, build: 'test', leaseUntil: new Date(Date.now() + 3_600_000) })
})

/** Fails with that signature; answers whose dead letter it is. */
async function failed(owner: string | undefined, signature: string): Promise<string | null> {
  const graph = graphOf('start', { start: { type: 'trigger.manual' } })
  const workflow = await makeWorkflow(organization, { graph: { ...graph, ...(owner ? { settings: { owner } } : {}) } })
  const { runId } = await inOrganization(organization.id, (tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: 'manual',
      triggerNodeId: null,
      input: {},
    }),
  )
  const take = await takeRun(runId, holderId)
  if (take.outcome !== 'taken') throw new Error(take.outcome)
  await finishRun(take, { status: 'failed', error: { class: 'internal', message: signature, path: 'a', nodeTitle: 'A' }, signature })
  const [letter] = await inOrganization(organization.id, (tx) => tx.select().from(deadLetters).where(eq(deadLetters.runId, runId)))
  return letter?.ownerId ?? null
}
const firstAtHome = async (caller: Caller) => (await getOverview(caller, {})).attention[0]

describe('the person who is told of failures', () => {
  it('owns the dead letters of the workflow and finds them first on the home page', async () => {
    const { user, caller } = await addMember(organization, 'operator')
    for (let n = 0; n < 3; n++) await failed(undefined, 'everybody')
    expect(await failed(user.id, 'theirs')).toBe(user.id)
    expect(await firstAtHome(caller)).toMatchObject({ kind: 'dead_letters', title: 'theirs', mine: true })
    expect((await getOverview(organization.caller, {})).attention.every(({ mine }) => !mine)).toBe(true)
    expect((await listGroups(caller, { mine: true })).items).toMatchObject([{ signature: 'theirs', mine: 1 }])
  })

  it('is nobody once they have left', async () => {
    const { user } = await addMember(organization, 'operator')
    await asAdmin((db) => db.delete(memberships).where(eq(memberships.userId, user.id)))
    expect(await failed(user.id, 'gone')).toBeNull()
  })
})
