import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { createPool, inOrganization, withDatabase } from '@/db/client'
import { findWebhook } from '@/db/definer'
import { runs, runWaits } from '@/db/schema'
import { problemOf } from '@/server/api/problem'
import { listAuditEvents } from '@/server/services/audit/list-audit-events'
import { countLetters } from '@/server/services/dead-letters/count-letters'
import { discardDeadLetter } from '@/server/services/dead-letters/discard-dead-letter'
import { getDeadLetter } from '@/server/services/dead-letters/get-dead-letter'
import { listDeadLetters } from '@/server/services/dead-letters/list-dead-letters'
import { listGroups } from '@/server/services/dead-letters/list-groups'
import { reopenDeadLetter } from '@/server/services/dead-letters/reopen-dead-letter'
import { resolveDeadLetter } from '@/server/services/dead-letters/resolve-dead-letter'
import { resolveMany } from '@/server/services/dead-letters/resolve-many'
import { getRun } from '@/server/services/runs/get-run'
import { decideTask } from '@/server/services/tasks/decide-task'
import { getTask } from '@/server/services/tasks/get-task'
import { addMember, makeOrganization, type TestOrganization } from '@/tests/support/database'
import { makeEverything } from '@/tests/support/make-things'

describe('repair', () => {
  let organization: TestOrganization
  beforeAll(async () => {
    process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
    organization = await makeOrganization()
  })

  it('discards with a reason, once, opens again, and says all of it in the audit', async () => {
    const { deadLetterId } = await makeEverything(organization)
    const { caller } = organization
    expect((await listGroups(caller, {})).items).toMatchObject([{ signature: 'same', count: 1, sampleId: deadLetterId }])
    await discardDeadLetter(caller, { deadLetterId, reason: 'Known outage' })
    await expect(discardDeadLetter(caller, { deadLetterId, reason: 'Again' })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await getDeadLetter(caller, { deadLetterId })).toMatchObject({
      state: 'discarded',
      reason: 'Known outage',
      closedBy: { id: caller.userId },
    })
    await reopenDeadLetter(caller, { deadLetterId })
    const events = await listAuditEvents(caller, { target: deadLetterId })
    expect(events.items.map((event) => event.action)).toEqual(['dead_letter.reopen', 'dead_letter.discard'])
  })

  it('is counted by state and found by what went wrong, by its run, and by an input that one may see', async () => {
    const own = await makeOrganization()
    const { deadLetterId, runId } = await makeEverything(own)
    await inOrganization(own.id, (tx) =>
      tx
        .update(runs)
        .set({ input: { order: 'A-4711', name: '50% off' } })
        .where(eq(runs.id, runId)),
    )
    const counted = async (search?: string, caller = own.caller) => {
      const { open, discarded } = await countLetters(caller, search === undefined ? {} : { search })
      return [open.count, discarded.count]
    }
    expect(await counted()).toEqual([1, 0])
    for (const words of ['it FAILED', 'a-4711', '50% o', deadLetterId, runId, runId.slice(-6)]) expect(await counted(words)).toEqual([1, 0])
    for (const words of ['A-4712', '5_% o', `dl_${'0'.repeat(32)}`]) expect(await counted(words)).toEqual([0, 0])
    expect((await listGroups(own.caller, { search: 'a-4711' })).items).toMatchObject([{ count: 1 }])
    expect((await listGroups(own.caller, { search: 'A-4712' })).items).toEqual([])
    const { caller: viewer } = await addMember(own, 'viewer')
    expect(await counted('failed', viewer)).toEqual([1, 0])
    expect(await counted('4711', viewer)).toEqual([0, 0])
    await discardDeadLetter(own.caller, { deadLetterId, reason: 'Known outage' })
    expect(await counted('known OUT')).toEqual([0, 1])
    const found = await listDeadLetters(own.caller, { state: 'discarded', search: 'outage', limit: 10 })
    expect(found.items).toMatchObject([{ id: deadLetterId }])
  })

  it('resolves by a new, linked run, and refuses a second repair of the same', async () => {
    const other = await makeOrganization()
    const { deadLetterId, runId: failed } = await makeEverything(other)
    const { runId } = await resolveDeadLetter(other.caller, { deadLetterId })
    expect(await getRun(other.caller, { runId })).toMatchObject({
      replayOfId: failed,
      replays: [],
      trigger: 'replay',
      replayFromPath: 'setfields1',
    })
    expect((await getRun(other.caller, { runId: failed })).replays).toMatchObject([{ id: runId }])
    expect(await getDeadLetter(other.caller, { deadLetterId })).toMatchObject({ state: 'retried', retryRun: { id: runId } })
    await expect(resolveDeadLetter(other.caller, { deadLetterId })).rejects.toMatchObject({ code: 'CONFLICT' })
    const many = await resolveMany(other.caller, { ids: [deadLetterId] })
    expect(many).toMatchObject({ resolved: [], refused: [{ deadLetterId }] })
    await expect(resolveMany(other.caller, {})).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  }, 30_000)

  it('takes one decision for a task; whoever comes second hears what was decided', async () => {
    const other = await makeOrganization()
    const { taskId, runId } = await makeEverything(other)
    await inOrganization(other.id, (tx) =>
      tx.insert(runWaits).values({ organizationId: other.id, runId, path: 'setfields1', attempt: 1, kind: 'approval' }),
    )
    const { caller: viewer } = await addMember(other, 'viewer')
    await expect(decideTask(viewer, { taskId, decision: 'approved' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const results = await Promise.allSettled([
      decideTask(other.caller, { taskId, decision: 'approved' }),
      decideTask(other.caller, { taskId, decision: 'declined' }),
    ])
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    expect(results.find((result) => result.status === 'rejected')).toMatchObject({
      reason: { code: 'CONFLICT', message: expect.stringContaining('already decided') },
    })
    expect(await getTask(other.caller, { taskId })).toMatchObject({ state: expect.stringMatching(/approved|declined/), canDecide: false })
  }, 30_000)

  it('hides payloads from who may not see them', async () => {
    const other = await makeOrganization()
    const { runId } = await makeEverything(other)
    const { caller: viewer } = await addMember(other, 'viewer')
    expect(await getRun(viewer, { runId })).toMatchObject({ payloadsHidden: true, input: null, can: { cancel: false, replay: false } })
  })
})

describe('a database that is away', () => {
  it('is 503 and never anything else', async () => {
    const nowhere = createPool('postgres://nobody@127.0.0.1:1/nothing', { max: 1 })
    const error = await withDatabase(nowhere, () => findWebhook(Buffer.alloc(32))).catch((thrown: unknown) => thrown)
    expect(problemOf(error, null)).toMatchObject({ status: 503, code: 'UNAVAILABLE' })
    await nowhere.$client.end({ timeout: 1 })
  })
})
