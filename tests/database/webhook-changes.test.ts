import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { newId } from '@/db/ids'
import { draftResults, runs, webhookEndpoints, workflowTags, workflowVersions } from '@/db/schema'
import { hashToken, newToken } from '@/server/auth/token'
import type { Graph, Json } from '@/workflows/graph/schema'
import type { WorkflowSettings } from '@/workflows/graph/workflow-settings'
import { makeOrganization, makeWorkflow, type TestOrganization, type TestWorkflow } from '../support/database'
import { graphOf, idOf } from '../support/plan-of'
import { startWeb, type TestWeb } from '../support/web-server'

let organization: TestOrganization
let workflow: TestWorkflow
let web: TestWeb
let url: string
let endpoint: string
let published: number

const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const graphWith = (params: Record<string, Json>, settings?: WorkflowSettings): Graph => ({
  ...graphOf('hook -> end', { hook: { type: 'trigger.webhook', params }, end: { type: 'data.set' } }),
  ...(settings ? { settings } : {}),
})

beforeAll(async () => {
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  organization = await makeOrganization()
  web = await startWeb()
})
afterAll(() => web?.stop())

async function live(graph: Graph): Promise<void> {
  workflow = await makeWorkflow(organization, { graph })
  published = 1
  const token = newToken()
  endpoint = newId('hook')
  url = `${web.url}/hooks/${token}`
  await read((tx) =>
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
}

async function publish(graph: Graph): Promise<void> {
  const versionId = newId('ver')
  published += 1
  await read(async (tx) => {
    await tx.insert(workflowVersions).values({
      organizationId: organization.id,
      id: versionId,
      workflowId: workflow.id,
      number: published,
      graph,
      contentHash: Buffer.alloc(32),
      publishedBy: organization.owner.id,
    })
    await tx.update(workflowTags).set({ versionId }).where(eq(workflowTags.workflowId, workflow.id))
  })
}

const post = () => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
const change = (values: Partial<typeof webhookEndpoints.$inferInsert>) =>
  read((tx) => tx.update(webhookEndpoints).set(values).where(eq(webhookEndpoints.id, endpoint)))
async function versionStarted(): Promise<number | null | undefined> {
  const response = await post()
  expect(response.status).toBe(202)
  const { runId } = (await response.json()) as { runId: string }
  const [run] = await read((tx) => tx.select({ number: runs.versionNumber }).from(runs).where(eq(runs.id, runId)))
  return run?.number
}

describe.each<[string, WorkflowSettings | undefined]>([
  ['whose workflow asks nothing of its runs', undefined],
  ['whose workflow has settings', { keepSucceededDays: 3 }],
])('a webhook %s, called before', (_, settings) => {
  beforeEach(async () => {
    await live(graphWith({}, settings))
    expect(await versionStarted()).toBe(1)
  })

  it('starts what is live now', async () => {
    await publish(graphWith({}, settings))
    expect(await versionStarted()).toBe(2)
    expect(await versionStarted()).toBe(2)
  })

  it('is closed to whoever the live version does not let in, from the first call on', async () => {
    await publish(graphWith({ addresses: '203.0.113.7' }, settings))
    expect((await post()).status).toBe(403)
    await publish(graphWith({ method: 'PUT' }, settings))
    expect((await post()).status).toBe(405)
    expect(await read((tx) => tx.select().from(runs).where(eq(runs.workflowId, workflow.id)))).toHaveLength(1)
  })

  it('lets in whoever the live version lets in, although the one before turned them away', async () => {
    await publish(graphWith({ addresses: '203.0.113.7' }, settings))
    expect((await post()).status).toBe(403)
    await publish(graphWith({ method: 'PUT' }, settings))
    expect((await post()).status).toBe(405)
    await publish(graphWith({ auth: 'bearer' }, settings))
    expect((await post()).status).toBe(401)
    await publish(graphWith({}, settings))
    expect(await versionStarted()).toBe(5)
  })

  it('answers nothing once it is switched off', async () => {
    await change({ active: false })
    expect((await post()).status).toBe(404)
  })

  it('keeps a call as test data where somebody waits for one', async () => {
    await change({ captureUntil: new Date(Date.now() + 60_000) })
    expect(await versionStarted()).toBe(1)
    expect(await read((tx) => tx.select().from(draftResults).where(eq(draftResults.workflowId, workflow.id)))).toMatchObject([
      { source: 'captured' },
    ])
  })
})
