import { inOrganization } from '@/db/client'
import { createSession } from '@/db/definer'
import { newId } from '@/db/ids'
import { apiKeys, circuits, credentials, deadLetters, invitations, modelPrices, runs, schedules, tasks, variables } from '@/db/schema'
import type { Role } from '@/db/schema/people'
import { hashToken, newToken } from '@/server/auth/token'
import type { Graph } from '@/workflows/graph/schema'
import { asAdmin, makeRun, makeWorkflow, type TestOrganization } from './database'

const settings = { onError: 'fail' as const, atMostOnce: false, disabled: false, note: '' }

/** By hand and by webhook into one *set fields*. */
export const smallGraph: Graph = {
  schema: 1,
  nodes: [
    { id: 'manual0001', key: 'start', title: 'Start', type: 'trigger.manual', version: 1, params: {}, settings, position: { x: 0, y: 0 } },
    {
      id: 'webhook001',
      key: 'hook',
      title: 'Webhook',
      type: 'trigger.webhook',
      version: 1,
      params: {},
      settings,
      position: { x: 0, y: 100 },
    },
    {
      id: 'setfields1',
      key: 'fields',
      title: 'Set fields',
      type: 'data.set',
      version: 1,
      params: { fields: [{ name: 'a', value: 1 }] },
      settings,
      position: { x: 200, y: 0 },
    },
  ],
  edges: [
    { id: 'edge000001', from: 'manual0001', fromPort: 'main', to: 'setfields1', toPort: 'main' },
    { id: 'edge000002', from: 'webhook001', fromPort: 'main', to: 'setfields1', toPort: 'main' },
  ],
}

export async function makeApiKey(organization: TestOrganization, role: Role = 'owner'): Promise<{ id: string; token: string }> {
  const token = `mr_${newToken()}`
  const id = newId('key')
  await inOrganization(organization.id, (tx) =>
    tx.insert(apiKeys).values({
      organizationId: organization.id,
      id,
      name: 'test',
      hint: 'mr_test',
      tokenHash: hashToken(token),
      role,
      createdBy: organization.owner.id,
    }),
  )
  return { id, token }
}

/** One of everything that has an id. */
export async function makeEverything(organization: TestOrganization) {
  const organizationId = organization.id
  const workflow = await makeWorkflow(organization, { graph: smallGraph })
  const run = await makeRun(organization, workflow, { status: 'failed', finishedAt: new Date(), versionNumber: 1 })
  const ids = {
    workflowId: workflow.id,
    versionId: workflow.versionId as string,
    runId: run.id,
    projectId: organization.projectId,
    userId: organization.owner.id,
    scheduleId: newId('sch'),
    deadLetterId: newId('dl'),
    taskId: newId('task'),
    credentialId: newId('cred'),
    circuitId: newId('circ'),
    variableId: newId('var'),
    priceId: newId('price'),
    invitationId: newId('inv'),
    apiKeyId: (await makeApiKey(organization)).id,
    sessionId: newId('ses'),
  }
  await createSession({
    id: ids.sessionId,
    userId: organization.owner.id,
    tokenHash: hashToken(newToken()),
    expiresAt: new Date(Date.now() + 86_400_000),
    address: null,
    agent: null,
    previousTokenHash: null,
  })
  const { environmentId, projectId } = organization
  await inOrganization(organizationId, async (tx) => {
    await tx.insert(schedules).values({
      organizationId,
      id: ids.scheduleId,
      workflowId: workflow.id,
      environmentId,
      name: 'Nightly',
      cron: '0 3 * * *',
      timeZone: 'UTC',
    })
    await tx.insert(deadLetters).values({
      organizationId,
      id: ids.deadLetterId,
      runId: run.id,
      workflowId: workflow.id,
      projectId,
      signature: 'same',
      class: 'transient',
      failedPath: 'setfields1',
      nodeTitle: 'Set fields',
      message: 'It failed.',
    })
    await tx.insert(tasks).values({
      organizationId,
      id: ids.taskId,
      runId: run.id,
      path: 'setfields1',
      attempt: 1,
      workflowId: workflow.id,
      projectId,
      kind: 'approval',
      title: 'Approve',
      facts: [],
      assigneeIds: [],
    })
    await tx.insert(credentials).values({
      organizationId,
      id: ids.credentialId,
      environmentId,
      name: 'Key',
      type: 'http.bearer',
      settings: {},
      allowedHosts: ['api.example.com'],
    })
    await asAdmin((db) =>
      db
        .insert(circuits)
        .values({ organizationId, id: ids.circuitId, host: 'api.example.com', state: 'open', kind: 'transient', failures: 10 }),
    )
    await tx.insert(variables).values({ organizationId, id: ids.variableId, environmentId, name: 'limit', value: 5 })
    await tx
      .insert(modelPrices)
      .values({ id: ids.priceId, organizationId, provider: '', model: 'm', inputMicros: 1, outputMicros: 1, validFrom: new Date() })
    await tx.insert(invitations).values({
      organizationId,
      id: ids.invitationId,
      email: 'x@example.com',
      role: 'viewer',
      tokenHash: hashToken(newToken()),
      expiresAt: new Date(Date.now() + 86_400_000),
    })
    await tx.select({ id: runs.id }).from(runs).limit(1)
  })
  return ids
}
