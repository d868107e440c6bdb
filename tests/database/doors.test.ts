import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { inOrganization, webDb, withDatabase, workerDb } from '@/db/client'
import { countTemplateImport, defaultPartitionRows, findWebhook, makePartitions } from '@/db/definer'
import { newId } from '@/db/ids'
import { credentials, organizations, runs, templates, webhookEndpoints, workflows } from '@/db/schema'
import { hashToken, newToken } from '@/server/auth/token'
import { createCredential } from '@/server/services/credentials/create-credential'
import { openCredential } from '@/server/services/credentials/open-credential'
import { removeCredential } from '@/server/services/credentials/remove-credential'
import { emptyGraph } from '@/workflows/graph/schema'
import { asAdmin, makeOrganization, makeRun, makeWorkflow, type TestOrganization, type TestWorkflow } from '../support/database'

let organization: TestOrganization
let workflow: TestWorkflow
beforeAll(async () => {
  organization = await makeOrganization()
  workflow = await makeWorkflow(organization)
})

describe('a webhook', () => {
  it('is found by its whole token, and no more once its workflow or organization is deleted', async () => {
    const token = newToken()
    const endpointId = newId('hook')
    await inOrganization(organization.id, (tx) =>
      tx.insert(webhookEndpoints).values({
        organizationId: organization.id,
        id: endpointId,
        workflowId: workflow.id,
        environmentId: organization.environmentId,
        nodeId: 'node1234',
        tokenHash: hashToken(token),
        tokenSecret: Buffer.from('encrypted'),
      }),
    )
    expect(await findWebhook(hashToken(token))).toEqual({
      organizationId: organization.id,
      endpointId,
      workflowId: workflow.id,
      environmentId: organization.environmentId,
      nodeId: 'node1234',
      active: true,
      captureUntil: null,
    })
    expect(await findWebhook(hashToken(token.slice(0, -1)))).toBeNull()
    const mark = (deletedAt: Date | null) =>
      inOrganization(organization.id, (tx) => tx.update(workflows).set({ deletedAt }).where(eq(workflows.id, workflow.id)))
    await mark(new Date())
    expect(await findWebhook(hashToken(token))).toBeNull()
    await mark(null)
    await inOrganization(organization.id, (tx) => tx.update(organizations).set({ deletedAt: new Date() }))
    expect(await findWebhook(hashToken(token))).toBeNull()
    await inOrganization(organization.id, (tx) => tx.update(organizations).set({ deletedAt: null }))
  })
})

describe('doors', () => {
  it('are shut for the role that does not need them', async () => {
    await expect(workerDb().execute(sql`select * from find_session('\\x00')`)).rejects.toMatchObject({ cause: { code: '42501' } })
    await expect(workerDb().execute(sql`select create_person(null, null, null, null, null)`)).rejects.toMatchObject({
      cause: { code: '42501' },
    })
    await expect(webDb().execute(sql`select create_person(null, null, null, null, null)`)).rejects.toMatchObject({
      cause: { code: '42501' },
    })
    await expect(webDb().execute(sql`select make_partitions(1)`)).rejects.toMatchObject({ cause: { code: '42501' } })
    await expect(webDb().execute(sql`set role mr_owner`)).rejects.toMatchObject({ cause: { code: '42501' } })
  })

  it('count an import of a template that nobody may change', async () => {
    const id = newId('tpl')
    await asAdmin((db) =>
      db.insert(templates).values({ id, slug: id, name: 'T', summary: '', description: '', category: 'x', graph: emptyGraph }),
    )
    await countTemplateImport(id)
    const [template] = await inOrganization(organization.id, (tx) => tx.select().from(templates).where(eq(templates.id, id)))
    expect(template?.imports).toBe(1)
  })
})

describe('a credential', () => {
  const make = (projectId?: string) =>
    createCredential(organization.caller, {
      name: newId('cred'),
      type: 'http.bearer',
      settings: {},
      secret: { token: 'copper' },
      allowedHosts: ['api.example.com'],
      ...(projectId ? { projectId } : {}),
    })
  const usedAt = async (id: string) => {
    const [row] = await inOrganization(organization.id, (tx) => tx.select().from(credentials).where(eq(credentials.id, id)))
    return row?.lastUsedAt ?? null
  }

  it('is opened for its own project and organization only, by web and worker, and no more once it is removed', async () => {
    const opened = { type: 'http.bearer', settings: {}, secret: { token: 'copper' }, allowedHosts: ['api.example.com'] }
    const { id: shared } = await make()
    const { id: own } = await make(organization.projectId)
    const other = await makeOrganization()
    expect(await openCredential(organization.id, shared, { projectId: newId('prj') })).toEqual(opened)
    expect(await openCredential(organization.id, own, { projectId: organization.projectId })).toEqual(opened)
    expect(await withDatabase(workerDb(), () => openCredential(organization.id, own))).toEqual(opened)
    expect(await openCredential(organization.id, own, { projectId: newId('prj') })).toBeNull()
    expect(await openCredential(other.id, own)).toBeNull()
    expect(await openCredential(organization.id, newId('cred'))).toBeNull()
    await removeCredential(organization.caller, { credentialId: own })
    expect(await openCredential(organization.id, own)).toBeNull()
    expect((await webDb().select().from(credentials)).length).toBe(0)
  })

  it('notes once a minute that it is used, and waits for nobody who is changing it', async () => {
    const { id } = await make()
    const set = (at: Date) =>
      inOrganization(organization.id, (tx) => tx.update(credentials).set({ lastUsedAt: at }).where(eq(credentials.id, id)))
    await openCredential(organization.id, id)
    expect(await usedAt(id)).not.toBeNull()
    const lately = new Date(Date.now() - 30_000)
    await set(lately)
    await openCredential(organization.id, id)
    expect(await usedAt(id)).toEqual(lately)
    const before = new Date(Date.now() - 90_000)
    await set(before)
    await inOrganization(organization.id, async (tx) => {
      await tx
        .update(credentials)
        .set({ name: newId('cred') })
        .where(eq(credentials.id, id))
      expect(await openCredential(organization.id, id)).not.toBeNull()
    })
    expect(await usedAt(id)).toEqual(before)
    await openCredential(organization.id, id)
    expect((await usedAt(id))?.getTime()).toBeGreaterThan(before.getTime())
  })
})

describe('a run whose month has no partition', () => {
  it('is kept, told of, and does not stop the months from being made', async () => {
    const before = await defaultPartitionRows()
    const past = newId('run')
    // The first of January 2020 in the 48 bits of the time.
    const id = `run_016f5e66e800${past.slice(16)}`
    await makeRun(organization, workflow, { id, rootId: id })
    expect(await defaultPartitionRows()).toBe(before + 1)
    expect(await inOrganization(organization.id, (tx) => tx.select({ id: runs.id }).from(runs).where(eq(runs.id, id)))).toEqual([{ id }])
    await expect(makePartitions()).rejects.toMatchObject({ cause: { code: '42501' } })
  })

  it('is found without looking into other months', async () => {
    const { id } = await makeRun(organization, workflow)
    const plan = await inOrganization(organization.id, (tx) =>
      tx.execute<{ 'QUERY PLAN': string }>(
        sql`explain (costs off) select 1 from ${runs} where ${eq(runs.id, id)} and ${eq(runs.organizationId, organization.id)}`,
      ),
    )
    const text = [...plan].map((row) => row['QUERY PLAN']).join('\n')
    expect(text.match(/runs_\d{4}_\d\d/g)?.length ?? 0).toBeGreaterThan(0)
    expect(new Set(text.match(/on (runs_\w+)/g)).size).toBe(1)
  })
})
