import { sql } from 'drizzle-orm'
import { boolean, foreignKey, index, integer, pgTable, primaryKey, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, bytea, createdAt, id, jsonb } from './columns'

export const organizationRoles = ['owner', 'admin', 'builder', 'operator', 'viewer'] as const
export type Role = (typeof organizationRoles)[number]

export const organizations = pgTable('organizations', {
  id: id('org').primaryKey(),
  name: text().notNull(),
  /** In addresses: /o/<slug>. */
  slug: text().notNull().unique(),
  timeZone: text().notNull().default('UTC'),
  currency: text().notNull().default('USD'),
  /** Monthly spend that people want to stay under, micro-units. */
  isExamples: boolean().notNull().default(false),
  createdAt: createdAt(),
  deletedAt: at(),
})

export const projects = pgTable(
  'projects',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: id('prj').notNull(),
    name: text().notNull(),
    slug: text().notNull(),
    createdAt: createdAt(),
    deletedAt: at(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('projects_slug').on(t.organizationId, t.slug).where(sql`deleted_at is null`),
  ],
)

export const environments = pgTable(
  'environments',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: id('env').notNull(),
    name: text().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.id] }), unique('environments_name').on(t.organizationId, t.name)],
)

/** A person or a service account; how they prove it stands in `identities`. Not tenant-bound: reached only through definer functions. */
export const users = pgTable('users', {
  id: id('usr').primaryKey(),
  kind: text({ enum: ['person', 'service'] })
    .notNull()
    .default('person'),
  name: text().notNull(),
  email: text(),
  timeZone: text(),
  locale: text(),
  createdAt: createdAt(),
  deletedAt: at(),
})

export const identities = pgTable(
  'identities',
  {
    id: id('idn').primaryKey(),
    userId: id('usr')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    provider: text().notNull(),
    /** For `password`: the e-mail in lower case. */
    subject: text().notNull(),
    secretHash: text(),
    createdAt: createdAt(),
  },
  (t) => [unique('identities_subject').on(t.provider, t.subject), index('identities_user').on(t.userId)],
)

export const memberships = pgTable(
  'memberships',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: id('mem').notNull(),
    userId: id('usr')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text({ enum: organizationRoles }).notNull(),
    status: text({ enum: ['active', 'suspended'] })
      .notNull()
      .default('active'),
    source: text().notNull().default('invitation'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    unique('memberships_user').on(t.organizationId, t.userId),
    index('memberships_by_user').on(t.userId),
  ],
)

/** A role in one project; may raise or lower the organization's role there. */
export const projectMemberships = pgTable(
  'project_memberships',
  {
    organizationId: id('org').notNull(),
    projectId: id('prj').notNull(),
    userId: id('usr')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text({ enum: organizationRoles }).notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.projectId, t.userId] }),
    foreignKey({ columns: [t.organizationId, t.projectId], foreignColumns: [projects.organizationId, projects.id] }).onDelete('cascade'),
  ],
)

/** The cookie carries the token, the row only its hash. */
export const sessions = pgTable(
  'sessions',
  {
    id: id('ses').primaryKey(),
    userId: id('usr')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    tokenHash: bytea().notNull().unique('sessions_token'),
    createdAt: createdAt(),
    lastSeenAt: at().notNull().defaultNow(),
    expiresAt: at().notNull(),
    address: text(),
    agent: text(),
  },
  (t) => [index('sessions_user').on(t.userId)],
)

export const invitations = pgTable(
  'invitations',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: id('inv').notNull(),
    email: text().notNull(),
    role: text({ enum: organizationRoles }).notNull(),
    projectId: id('prj'),
    tokenHash: bytea().notNull().unique('invitations_token'),
    invitedBy: id('usr'),
    createdAt: createdAt(),
    expiresAt: at().notNull(),
    acceptedAt: at(),
    revokedAt: at(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.id] })],
)

export const apiKeys = pgTable(
  'api_keys',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: id('key').notNull(),
    name: text().notNull(),
    /** First characters, so that people recognise it: `mr_3fA9…`. */
    hint: text().notNull(),
    tokenHash: bytea().notNull().unique('api_keys_token'),
    role: text({ enum: organizationRoles }).notNull(),
    /** Never more than its maker: rights are the lesser of both at each call. */
    createdBy: id('usr')
      .notNull()
      .references(() => users.id),
    projectId: id('prj'),
    createdAt: createdAt(),
    lastUsedAt: at(),
    expiresAt: at(),
    revokedAt: at(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.id] })],
)

/** One-time links of the instance itself: set-up. */
export const setupTokens = pgTable('setup_tokens', {
  tokenHash: bytea().primaryKey(),
  createdAt: createdAt(),
  usedAt: at(),
})

/** Hash-chained per organization: `hash = sha256(previous || canonical(event))`. Personal data stands in `audit_people`. */
export const auditEvents = pgTable(
  'audit_events',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: id('aud').notNull(),
    seq: integer().notNull(),
    at: at().notNull(),
    actorKind: text({ enum: ['person', 'api_key', 'system'] }).notNull(),
    actorId: text(),
    /** e.g. `workflow.publish`, `dead_letter.resolve`. */
    action: text().notNull(),
    targetKind: text().notNull(),
    targetId: text(),
    /** Names and before/after of plain settings; never a secret, never personal data. */
    detail: jsonb().notNull().default(sql`'{}'::jsonb`),
    requestId: text(),
    previousHash: bytea().notNull(),
    hash: bytea().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    unique('audit_events_seq').on(t.organizationId, t.seq),
    index('audit_events_action').on(t.organizationId, t.action, t.id),
    index('audit_events_actor').on(t.organizationId, t.actorId, t.id),
    index('audit_events_target').on(t.organizationId, t.targetId, t.id),
  ],
)

/** Address and name of who acted, erasable without breaking the chain. */
export const auditPeople = pgTable(
  'audit_people',
  {
    organizationId: id('org').notNull(),
    eventId: id('aud').notNull(),
    name: text(),
    email: text(),
    address: text(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.eventId] })],
)

/** organization → instance → default; scope is `instance` or an organization's uuid. */
export const settings = pgTable(
  'settings',
  { scope: text().notNull(), key: text().notNull(), value: jsonb().notNull(), updatedAt: at().notNull().defaultNow() },
  (t) => [primaryKey({ columns: [t.scope, t.key] })],
)

/** Answers to POSTs with an Idempotency-Key, kept 30 days. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    keyHash: bytea().notNull(),
    route: text().notNull(),
    requestHash: bytea().notNull(),
    status: integer(),
    response: jsonb(),
    createdAt: createdAt(),
    expiresAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.keyHash] })],
)
