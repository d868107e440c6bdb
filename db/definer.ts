import { type SQL, sql } from 'drizzle-orm'
import { askDirectly, type Database, defaultDb, warmWeb } from '@/db/client'
import { fromUuid, type IdPrefix, newUuid, toUuid } from '@/db/ids'
import type { Role } from '@/db/schema/people'

/**
 * The only way past row-level security: SQL functions owned by mr_engine, each granted by name (drizzle/0001_rights_and_doors.sql).
 * What they answer is asked before the organization is known, or belongs to a person rather than to an organization.
 */

const date = (text: unknown): Date => new Date(String(text))
const dateOrNull = (text: unknown): Date | null => (text === null || text === undefined ? null : new Date(String(text)))
const id = (prefix: IdPrefix, uuid: unknown): string => fromUuid(prefix, String(uuid))
const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))

async function rows(query: SQL, db: Database = defaultDb()): Promise<Record<string, unknown>[]> {
  return [...(await db.execute(query))]
}

async function value<T>(query: SQL, db?: Database): Promise<T> {
  const [row] = await rows(query, db)
  return Object.values(row ?? {})[0] as T
}

function projectRoles(json: unknown): Map<string, Role> {
  return new Map(Object.entries((json ?? {}) as Record<string, Role>).map(([uuid, role]) => [fromUuid('prj', uuid), role]))
}

export async function findSession(tokenHash: Uint8Array) {
  const [row] = await rows(sql`select * from find_session(${tokenHash})`)
  if (!row) return null
  return {
    user: {
      id: id('usr', row.user_id),
      name: String(row.name),
      email: text(row.email),
      timeZone: text(row.time_zone),
      locale: text(row.locale),
    },
    session: { id: id('ses', row.session_id), createdAt: date(row.created_at), expiresAt: date(row.expires_at) },
  }
}

export async function createSession(session: {
  id: string
  userId: string
  tokenHash: Uint8Array
  expiresAt: Date
  address: string | null
  agent: string | null
  /** The session that the browser had before; it ends. */
  previousTokenHash: Uint8Array | null
}): Promise<void> {
  await rows(sql`select create_session(${toUuid(session.id, 'ses')}, ${toUuid(session.userId, 'usr')}, ${session.tokenHash},
    ${session.expiresAt.toISOString()}, ${session.address}, ${session.agent}, ${session.previousTokenHash})`)
}

export async function endSession(tokenHash: Uint8Array): Promise<void> {
  await rows(sql`select end_session(${tokenHash})`)
}

export async function sessionsOf(userId: string) {
  const found = await rows(sql`select * from sessions_of(${toUuid(userId, 'usr')})`)
  return found.map((row) => ({
    id: id('ses', row.id),
    createdAt: date(row.created_at),
    lastSeenAt: date(row.last_seen_at),
    expiresAt: date(row.expires_at),
    address: text(row.address),
    agent: text(row.agent),
  }))
}

/** Ends one session of a person, or all but the kept one. Answers how many ended. */
export function endSessionsOf(userId: string, which: { only?: string; except?: string | null } = {}, db?: Database): Promise<number> {
  return value<number>(
    sql`select end_sessions_of(${toUuid(userId, 'usr')}, ${which.only ? toUuid(which.only, 'ses') : null}, ${which.except ? toUuid(which.except, 'ses') : null})`,
    db,
  )
}

export async function findIdentity(provider: string, subject: string) {
  const [row] = await rows(sql`select * from find_identity(${provider}, ${subject})`)
  if (!row) return null
  return { userId: id('usr', row.user_id), secretHash: text(row.secret_hash), name: String(row.name), email: text(row.email) }
}

export function secretHashOf(userId: string, provider: string): Promise<string | null> {
  return value(sql`select secret_hash_of(${toUuid(userId, 'usr')}, ${provider})`)
}

export function setSecretHash(userId: string, provider: string, secretHash: string, db?: Database): Promise<boolean> {
  return value(sql`select set_secret_hash(${toUuid(userId, 'usr')}, ${provider}, ${secretHash})`, db)
}

export async function updateUser(userId: string, profile: { name: string; timeZone: string | null; locale: string | null }): Promise<void> {
  await rows(sql`select update_user(${toUuid(userId, 'usr')}, ${profile.name}, ${profile.timeZone}, ${profile.locale})`)
}

export async function organizationsOf(userId: string) {
  const found = await rows(sql`select * from organizations_of(${toUuid(userId, 'usr')})`)
  return found.map((row) => ({
    id: id('org', row.id),
    slug: String(row.slug),
    name: String(row.name),
    isExamples: Boolean(row.is_examples),
    role: row.role as Role,
    projects: (row.projects as { id: string; name: string; slug: string }[]).map((project) => ({
      ...project,
      id: fromUuid('prj', project.id),
    })),
  }))
}

export async function findMembership(
  userId: string,
  organizationId: string,
): Promise<{ role: Role; projectRoles: Map<string, Role> } | null> {
  const [row] = await rows(sql`select * from find_membership(${toUuid(userId, 'usr')}, ${toUuid(organizationId, 'org')})`)
  return row ? { role: row.role as Role, projectRoles: projectRoles(row.project_roles) } : null
}

export async function findApiKey(tokenHash: Uint8Array) {
  const [row] = await rows(sql`select * from find_api_key(${tokenHash})`)
  if (!row) return null
  return {
    id: id('key', row.id),
    organizationId: id('org', row.organization_id),
    name: String(row.name),
    role: row.role as Role,
    projectId: row.project_id === null ? null : id('prj', row.project_id),
    createdBy: id('usr', row.created_by),
    maker: { role: row.maker_role as Role, projectRoles: projectRoles(row.maker_project_roles) },
  }
}

export async function findWebhook(tokenHash: Uint8Array) {
  const [row] = await rows(sql`select * from find_webhook(${tokenHash})`)
  if (!row) return null
  return {
    organizationId: id('org', row.organization_id),
    endpointId: id('hook', row.id),
    workflowId: id('wf', row.workflow_id),
    environmentId: id('env', row.environment_id),
    nodeId: String(row.node_id),
    active: Boolean(row.active),
    captureUntil: dateOrNull(row.capture_until),
  }
}

/** One call of a webhook as `acceptDeliveries` takes it, as JSON. */
export function deliveryText(call: { tokenHash: string; versionId: string; runId: string; data: unknown; keyHash: string | null }): string {
  return JSON.stringify({
    t: call.tokenHash,
    v: toUuid(call.versionId, 'ver'),
    r: toUuid(call.runId, 'run'),
    d: call.data ?? null,
    k: call.keyHash,
  })
}

/** Commits calls as runs, all in one statement. Answers by run id which run each became; a call whose token leads elsewhere now is left out. */
export async function acceptDeliveries(texts: readonly string[]): Promise<Map<string, string>> {
  const statement = 'select accept_deliveries($1::text::jsonb) as accepted'
  const [row] = await warmWeb((db) => askDirectly(db, statement, [`[${texts.join(',')}]`]))
  return new Map(Object.entries(row?.accepted as Record<string, string>).map(([asked, given]) => [id('run', asked), id('run', given)]))
}

export async function findInvitation(tokenHash: Uint8Array) {
  const [row] = await rows(sql`select * from find_invitation(${tokenHash})`)
  if (!row) return null
  return {
    id: id('inv', row.id),
    organizationId: id('org', row.organization_id),
    organizationName: String(row.organization_name),
    email: String(row.email),
    role: row.role as Role,
    projectId: row.project_id === null ? null : id('prj', row.project_id),
    invitedBy: text(row.invited_by),
    state: row.state as 'open' | 'accepted' | 'revoked' | 'expired',
    expiresAt: date(row.expires_at),
    hasAccount: Boolean(row.has_account),
    maySetPassword: Boolean(row.may_set_password),
  }
}

/** Single use. With `person` the account is made first. Answers false when the invitation is no longer open. */
export function acceptInvitationRow(
  invitation: { tokenHash: Uint8Array; userId: string; person: { name: string; secretHash: string } | null },
  db: Database,
): Promise<boolean> {
  return value(
    sql`select accept_invitation(${invitation.tokenHash}, ${toUuid(invitation.userId, 'usr')}, ${newUuid()}, ${newUuid()},
      ${invitation.person?.name ?? null}, ${invitation.person?.secretHash ?? null})`,
    db,
  )
}

/** Answers the slug, which was made unique. */
export function createOrganizationRow(
  organization: {
    id: string
    name: string
    slug: string
    timeZone: string
    isExamples: boolean
    projectId: string
    projectName: string
    ownerId: string | null
  },
  db?: Database,
): Promise<string> {
  return value(
    sql`select create_organization(${toUuid(organization.id, 'org')}, ${organization.name}, ${organization.slug}, ${organization.timeZone},
      ${organization.isExamples}, ${toUuid(organization.projectId, 'prj')}, ${organization.projectName}, ${newUuid()}, ${newUuid()},
      ${organization.ownerId ? toUuid(organization.ownerId, 'usr') : null})`,
    db,
  )
}

export function setupNeeded(): Promise<boolean> {
  return value(sql`select setup_needed()`)
}

export function createSetupToken(tokenHash: Uint8Array): Promise<boolean> {
  return value(sql`select create_setup_token(${tokenHash})`)
}

export function setupTokenIsValid(tokenHash: Uint8Array): Promise<boolean> {
  return value(sql`select setup_token_is_valid(${tokenHash})`)
}

export function useSetupToken(
  setup: { tokenHash: Uint8Array; userId: string; name: string; email: string; secretHash: string },
  db: Database,
): Promise<boolean> {
  return value(
    sql`select use_setup_token(${setup.tokenHash}, ${toUuid(setup.userId, 'usr')}, ${newUuid()}, ${setup.name}, ${setup.email}, ${setup.secretHash})`,
    db,
  )
}

/** Example organizations that nobody owns yet. */
export async function unownedExamples(db?: Database): Promise<string[]> {
  return (await rows(sql`select id from unowned_examples()`, db)).map((row) => id('org', row.id))
}

export async function ownExamples(organizationId: string, userId: string, db: Database): Promise<void> {
  await rows(sql`select own_examples(${toUuid(organizationId, 'org')}, ${newUuid()}, ${toUuid(userId, 'usr')})`, db)
}

/** When members of the organization of the transaction were last here. */
export async function lastSeenOfMembers(db: Database): Promise<Map<string, Date>> {
  const found = await rows(sql`select * from last_seen_of_members()`, db)
  return new Map(found.map((row) => [id('usr', row.user_id), date(row.last_seen_at)]))
}

export async function countTemplateImport(templateId: string, db?: Database): Promise<void> {
  await rows(sql`select count_template_import(${toUuid(templateId, 'tpl')})`, db)
}

/** Makes the months' partitions ahead; answers how many it made. */
export function makePartitions(monthsAhead = 3): Promise<number> {
  return value(sql`select make_partitions(${monthsAhead}::integer)`)
}

/** Rows outside all months: more than none wants a look. */
export async function defaultPartitionRows(): Promise<number> {
  return Number(await value<string>(sql`select default_rows()`))
}
