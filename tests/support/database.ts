import { sql } from 'drizzle-orm'
import postgres, { type Sql } from 'postgres'
import { createPool, inOrganization, type Transaction, webDb, withDatabase, workerDb } from '@/db/client'
import { createOrganizationRow } from '@/db/definer'
import { newId, newUuid, toUuid } from '@/db/ids'
import * as schema from '@/db/schema'
import type { Role } from '@/db/schema/people'
import type { Caller } from '@/server/auth/caller'
import { emptyGraph, type Graph } from '@/workflows/graph/schema'

export function urlOf(url: string, change: { user?: string; password?: string; database?: string }): string {
  const changed = new URL(url)
  if (change.user) changed.username = change.user
  if (change.password) changed.password = change.password
  if (change.database) changed.pathname = `/${change.database}`
  return changed.href
}

export function adminSql(url = adminUrl()): Sql {
  return postgres(url, { max: 1, onnotice: () => {} })
}

function adminUrl(): string {
  const url = process.env.DATABASE_ADMIN_URL
  if (!url) throw new Error('This test needs a database: run it in the project "database" (vitest run --project database).')
  return url
}

/** This file's own copy of the migrated database, through each of its roles. */
export function testDatabase() {
  return { web: webDb(), worker: workerDb(), adminUrl: adminUrl() }
}

class RolledBack extends Error {}

/** Runs a test in a transaction of the web role that is rolled back; services called inside use it as their database. */
export async function rolledBack(fn: (tx: Transaction) => Promise<void>): Promise<void> {
  await webDb()
    .transaction(async (tx) => {
      await withDatabase(tx, () => fn(tx))
      throw new RolledBack()
    })
    .catch((error) => {
      if (!(error instanceof RolledBack)) throw error
    })
}

/** Asks as the superuser: past all policies. */
export async function asAdmin<T>(fn: (db: ReturnType<typeof createPool>) => Promise<T>): Promise<T> {
  const pool = createPool(adminUrl(), { max: 1 })
  try {
    return await fn(pool)
  } finally {
    await pool.$client.end({ timeout: 1 })
  }
}

let made = 0

export async function makeUser(
  given: { name?: string; email?: string | null; secretHash?: string } = {},
): Promise<{ id: string; name: string; email: string | null }> {
  made += 1
  const user = {
    id: newId('usr'),
    name: given.name ?? `Person ${made}`,
    email: given.email === undefined ? `person${made}@example.com` : given.email,
  }
  await asAdmin(async (db) => {
    await db.insert(schema.users).values(user)
    if (user.email)
      await db.insert(schema.identities).values({
        id: newId('idn'),
        userId: user.id,
        provider: 'password',
        subject: user.email.toLowerCase(),
        secretHash: given.secretHash ?? null,
      })
  })
  return user
}

export interface TestOrganization {
  id: string
  slug: string
  projectId: string
  environmentId: string
  owner: { id: string; name: string; email: string | null }
  /** The owner's rights, as services take them. */
  caller: Caller
}

export async function makeOrganization(
  given: { name?: string; owner?: { id: string; name: string; email: string | null } } = {},
): Promise<TestOrganization> {
  made += 1
  const owner = given.owner ?? (await makeUser())
  const id = newId('org')
  const projectId = newId('prj')
  const slug = await createOrganizationRow({
    id,
    name: given.name ?? `Organization ${made}`,
    slug: `organization-${newUuid().slice(0, 18)}`,
    timeZone: 'UTC',
    isExamples: false,
    projectId,
    projectName: 'Main',
    ownerId: owner.id,
  })
  const [environment] = await inOrganization(id, (tx) => tx.select({ id: schema.environments.id }).from(schema.environments))
  if (!environment) throw new Error('an organization without an environment')
  return { id, slug, projectId, environmentId: environment.id, owner, caller: callerOf(id, owner, 'owner') }
}

/** A member's rights, as services take them. */
export function callerOf(
  organizationId: string,
  user: { id: string; name: string; email?: string | null },
  role: Role,
  projectRoles: Record<string, Role> = {},
): Caller {
  return {
    kind: 'person',
    organizationId,
    userId: user.id,
    name: user.name,
    email: user.email ?? null,
    role,
    projectRoles: new Map(Object.entries(projectRoles)),
    sessionId: null,
    apiKeyId: null,
    onlyProjectId: null,
    address: '127.0.0.1',
    requestId: null,
  }
}

export async function addMember(
  organization: { id: string },
  role: Role,
  user?: { id: string; name: string; email: string | null },
): Promise<{ user: { id: string; name: string; email: string | null }; caller: Caller }> {
  const member = user ?? (await makeUser())
  await inOrganization(organization.id, (tx) =>
    tx.insert(schema.memberships).values({ organizationId: organization.id, id: newId('mem'), userId: member.id, role, source: 'test' }),
  )
  return { user: member, caller: callerOf(organization.id, member, role) }
}

export interface TestWorkflow {
  id: string
  versionId: string | null
}

/** With `graph` it is published as version 1 and tagged live. */
export async function makeWorkflow(
  organization: TestOrganization,
  given: { id?: string; name?: string; graph?: Graph; publish?: boolean } = {},
): Promise<TestWorkflow> {
  made += 1
  const workflowId = given.id ?? newId('wf')
  const graph = given.graph ?? emptyGraph
  const versionId = given.publish === false || !given.graph ? null : newId('ver')
  const organizationId = organization.id
  await inOrganization(organizationId, async (tx) => {
    await tx.insert(schema.workflows).values({
      organizationId,
      id: workflowId,
      projectId: organization.projectId,
      name: given.name ?? `Workflow ${made}`,
      createdBy: organization.owner.id,
    })
    await tx.insert(schema.drafts).values({ organizationId, workflowId, graph, updatedBy: organization.owner.id })
    if (!versionId) return
    await tx.insert(schema.workflowVersions).values({
      organizationId,
      id: versionId,
      workflowId,
      number: 1,
      graph,
      contentHash: Buffer.alloc(32),
      publishedBy: organization.owner.id,
    })
    await tx.insert(schema.workflowTags).values({
      organizationId,
      workflowId,
      environmentId: organization.environmentId,
      name: 'live',
      versionId,
      setBy: organization.owner.id,
    })
  })
  return { id: workflowId, versionId }
}

/** An accepted run with its live row, as `acceptRun` leaves it. */
export async function makeRun(
  organization: TestOrganization,
  workflow: TestWorkflow,
  given: Partial<typeof schema.runs.$inferInsert> = {},
): Promise<{ id: string }> {
  const id = given.id ?? newId('run')
  const organizationId = organization.id
  await inOrganization(organizationId, async (tx) => {
    await tx.insert(schema.runs).values({
      organizationId,
      workflowId: workflow.id,
      versionId: workflow.versionId,
      projectId: organization.projectId,
      environmentId: organization.environmentId,
      trigger: 'manual',
      rootId: id,
      ...given,
      id,
    })
    await tx.insert(schema.liveRuns).values({ runId: id, organizationId, workflowId: workflow.id, state: 'accepted' })
  })
  return { id }
}

/** Rows of a table of one organization, past all policies. */
export async function countRows(table: string, organizationId: string): Promise<number> {
  return asAdmin(async (db) => {
    const [row] = await db.execute<{ count: number }>(
      sql`select count(*)::int as count from ${sql.identifier(table)} where organization_id = ${toUuid(organizationId, 'org')}`,
    )
    return row?.count ?? 0
  })
}
