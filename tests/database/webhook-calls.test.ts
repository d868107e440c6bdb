import { eq } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { newId } from '@/db/ids'
import { liveRuns, runEvents, runs, webhookEndpoints, workflows, workflowTags, workflowVersions } from '@/db/schema'
import { hashToken, newToken } from '@/server/auth/token'
import { acceptCall } from '@/server/services/webhooks/accept-call'
import { findTrigger, type WebhookTrigger } from '@/server/services/webhooks/find-trigger'
import type { Json } from '@/workflows/graph/schema'
import { makeOrganization, makeWorkflow, type TestOrganization, type TestWorkflow } from '../support/database'
import { graphOf, idOf } from '../support/plan-of'

let organization: TestOrganization
let workflow: TestWorkflow
let token: string
const endpointId = () => endpoint
let endpoint = ''
const graph = graphOf('hook -> end', { hook: { type: 'trigger.webhook' }, end: { type: 'data.set' } })

beforeAll(async () => {
  organization = await makeOrganization()
})
beforeEach(async () => {
  workflow = await makeWorkflow(organization, { graph })
  token = newToken()
  endpoint = newId('hook')
  await inOrganization(organization.id, (tx) =>
    tx.insert(webhookEndpoints).values({
      organizationId: organization.id,
      id: endpoint,
      workflowId: workflow.id,
      environmentId: organization.environmentId,
      nodeId: idOf('hook'),
      tokenHash: hashToken(token),
      tokenSecret: Buffer.from('encrypted'),
    }),
  )
})

const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const known = async () => (await findTrigger(token)) as WebhookTrigger
const call = (trigger: WebhookTrigger, data: Json, deliveryId: string | null = null) =>
  acceptCall(trigger, trigger.live?.versionId as string, { data, deliveryId })
async function accepted(trigger: WebhookTrigger, data: Json, deliveryId: string | null = null) {
  const answer = await call(trigger, data, deliveryId)
  if (answer === 'changed') throw new Error('changed')
  return answer
}
const change = (values: Partial<typeof webhookEndpoints.$inferInsert>) =>
  read((tx) => tx.update(webhookEndpoints).set(values).where(eq(webhookEndpoints.id, endpointId())))

describe('calls of a webhook', () => {
  it('become runs, each with its own data, in the organization of the token', async () => {
    const trigger = await known()
    const all = await Promise.all([1, 2, 3].map((n) => accepted(trigger, { body: { n } })))
    expect(new Set(all.map(({ runId }) => runId)).size).toBe(3)
    for (const [index, { runId, duplicate }] of all.entries()) {
      expect(duplicate).toBe(false)
      const [run] = await read((tx) => tx.select().from(runs).where(eq(runs.id, runId)))
      expect(run).toMatchObject({
        status: 'accepted',
        trigger: 'webhook',
        triggerNodeId: idOf('hook'),
        triggerRef: endpointId(),
        versionId: workflow.versionId,
        versionNumber: 1,
        projectId: organization.projectId,
        environmentId: organization.environmentId,
        rootId: runId,
        currency: 'USD',
        input: { body: { n: index + 1 } },
      })
      const [live] = await read((tx) => tx.select().from(liveRuns).where(eq(liveRuns.runId, runId)))
      expect(live).toMatchObject({ state: 'accepted', driver: 'none', epoch: 0 })
      expect(await read((tx) => tx.select().from(runEvents).where(eq(runEvents.runId, runId)))).toMatchObject([{ kind: 'accepted' }])
    }
    const [endpointRow] = await read((tx) => tx.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, endpointId())))
    expect(endpointRow?.lastCalledAt).not.toBeNull()
  })

  it('with the same delivery become one run, also when they arrive together', async () => {
    const trigger = await known()
    const [one, two, other] = await Promise.all([accepted(trigger, 1, 'd1'), accepted(trigger, 1, 'd1'), accepted(trigger, 2, 'd2')])
    expect(one.runId).toBe(two.runId)
    expect([one.duplicate, two.duplicate]).toEqual([false, true])
    expect(other.runId).not.toBe(one.runId)
    expect(await accepted(trigger, 1, 'd1')).toEqual({ runId: one.runId, duplicate: true })
    expect(await read((tx) => tx.select().from(runs).where(eq(runs.workflowId, workflow.id)))).toHaveLength(2)
  })

  it('start nothing when another version went live since, and then that version', async () => {
    const before = await known()
    const versionId = newId('ver')
    await read(async (tx) => {
      await tx.insert(workflowVersions).values({
        organizationId: organization.id,
        id: versionId,
        workflowId: workflow.id,
        number: 2,
        graph,
        contentHash: Buffer.alloc(32),
        publishedBy: organization.owner.id,
      })
      await tx.update(workflowTags).set({ versionId }).where(eq(workflowTags.workflowId, workflow.id))
    })
    expect((await known()).live?.versionId).toBe(workflow.versionId)
    expect(await call(before, {})).toBe('changed')
    expect(await read((tx) => tx.select().from(runs).where(eq(runs.workflowId, workflow.id)))).toEqual([])
    const now = (await findTrigger(token, { fresh: true })) as WebhookTrigger
    expect(now.live?.versionId).toBe(versionId)
    await accepted(now, {})
    expect(await known()).toBe(now)
  })

  it('start nothing when the address was switched off, wants test data or lost its workflow', async () => {
    const trigger = await known()
    await change({ active: false })
    expect(await call(trigger, {})).toBe('changed')
    expect(await findTrigger(token, { fresh: true })).toBeNull()
    await change({ active: true, captureUntil: new Date(Date.now() + 60_000) })
    expect(await call(trigger, {})).toBe('changed')
    expect(await findTrigger(token, { fresh: true })).toMatchObject({ capturing: true })
    await change({ captureUntil: null })
    await read((tx) => tx.update(workflows).set({ deletedAt: new Date() }).where(eq(workflows.id, workflow.id)))
    expect(await call(trigger, {})).toBe('changed')
  })

  it('that cannot be stored fail alone', async () => {
    const trigger = await known()
    const [good, bad, alsoGood] = await Promise.allSettled([accepted(trigger, 1), accepted(trigger, 'a\u0000b'), accepted(trigger, 2)])
    expect([good?.status, bad?.status, alsoGood?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })
})
