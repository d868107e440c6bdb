import { sql } from 'drizzle-orm'
import { bigint, boolean, foreignKey, index, integer, pgTable, primaryKey, smallint, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import type { Graph } from '@/workflows/graph/schema'
import { at, bytea, createdAt, id, jsonb } from './columns'
import { environments, organizations, projects } from './people'

export const workflows = pgTable(
  'workflows',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: id('wf').notNull(),
    projectId: id('prj').notNull(),
    name: text().notNull(),
    description: text().notNull().default(''),
    /** Keep-days of finished runs whose version says nothing of them. */
    keepDays: integer().notNull().default(30),
    /** Retention has looked at every run up to this one. */
    tidiedTo: id('run'),
    templateId: text(),
    createdBy: id('usr'),
    createdAt: createdAt(),
    updatedAt: at().notNull().defaultNow(),
    deletedAt: at(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    foreignKey({ columns: [t.organizationId, t.projectId], foreignColumns: [projects.organizationId, projects.id] }),
    uniqueIndex('workflows_name').on(t.organizationId, t.projectId, t.name).where(sql`deleted_at is null`),
    index('workflows_updated').on(t.organizationId, t.updatedAt),
  ],
)

/** The graph being edited; changed only by operations. */
export const drafts = pgTable(
  'drafts',
  {
    organizationId: id('org').notNull(),
    workflowId: id('wf').notNull(),
    graph: jsonb().$type<Graph>().notNull(),
    revision: integer().notNull().default(0),
    updatedAt: at().notNull().defaultNow(),
    updatedBy: id('usr'),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.workflowId] }),
    foreignKey({ columns: [t.organizationId, t.workflowId], foreignColumns: [workflows.organizationId, workflows.id] }).onDelete('cascade'),
  ],
)

export const draftOperations = pgTable(
  'draft_operations',
  {
    organizationId: id('org').notNull(),
    workflowId: id('wf').notNull(),
    revision: integer().notNull(),
    /** Made by the client; a resent one answers the stored result. */
    opId: text().notNull(),
    clientId: text().notNull(),
    userId: id('usr'),
    baseRevision: integer().notNull(),
    operation: jsonb().notNull(),
    result: jsonb().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.workflowId, t.revision] }),
    unique('draft_operations_op').on(t.organizationId, t.workflowId, t.opId),
    foreignKey({ columns: [t.organizationId, t.workflowId], foreignColumns: [workflows.organizationId, workflows.id] }).onDelete('cascade'),
  ],
)

/** Immutable. */
export const workflowVersions = pgTable(
  'workflow_versions',
  {
    organizationId: id('org').notNull(),
    id: id('ver').notNull(),
    workflowId: id('wf').notNull(),
    number: integer().notNull(),
    graph: jsonb().$type<Graph>().notNull(),
    contentHash: bytea().notNull(),
    semantics: smallint().notNull().default(1),
    note: text().notNull().default(''),
    publishedBy: id('usr'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    unique('workflow_versions_number').on(t.organizationId, t.workflowId, t.number),
    foreignKey({ columns: [t.organizationId, t.workflowId], foreignColumns: [workflows.organizationId, workflows.id] }).onDelete('cascade'),
  ],
)

/** `live` or `staging` point at one version in one environment. */
export const workflowTags = pgTable(
  'workflow_tags',
  {
    organizationId: id('org').notNull(),
    workflowId: id('wf').notNull(),
    environmentId: id('env').notNull(),
    name: text().notNull(),
    versionId: id('ver').notNull(),
    setBy: id('usr'),
    setAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.workflowId, t.environmentId, t.name] }),
    foreignKey({ columns: [t.organizationId, t.workflowId], foreignColumns: [workflows.organizationId, workflows.id] }).onDelete('cascade'),
    foreignKey({ columns: [t.organizationId, t.versionId], foreignColumns: [workflowVersions.organizationId, workflowVersions.id] }),
    foreignKey({ columns: [t.organizationId, t.environmentId], foreignColumns: [environments.organizationId, environments.id] }),
  ],
)

/** Results of testing nodes in the editor, and pinned outputs: one row a node of a draft. */
export const draftResults = pgTable(
  'draft_results',
  {
    organizationId: id('org').notNull(),
    workflowId: id('wf').notNull(),
    nodeId: text().notNull(),
    status: text().notNull(),
    port: text(),
    input: jsonb(),
    output: jsonb(),
    /** Of an output that is kept apart: then `output` is a preview. */
    blobHash: bytea(),
    error: jsonb(),
    durationUs: bigint({ mode: 'number' }),
    /** What it was made from, see `basesOf`: another one now means stale. */
    inputHash: text(),
    pinned: boolean().notNull().default(false),
    source: text({ enum: ['test', 'run', 'captured', 'typed'] })
      .notNull()
      .default('test'),
    at: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.workflowId, t.nodeId] }),
    foreignKey({ columns: [t.organizationId, t.workflowId], foreignColumns: [workflows.organizationId, workflows.id] }).onDelete('cascade'),
  ],
)

/** What tests of a draft begin with, kept under a name. */
export const testInputs = pgTable(
  'test_inputs',
  {
    organizationId: id('org').notNull(),
    workflowId: id('wf').notNull(),
    /** The step it goes into: mostly a trigger. */
    nodeId: text().notNull(),
    name: text().notNull(),
    input: jsonb().notNull(),
    createdBy: id('usr'),
    at: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.workflowId, t.nodeId, t.name] }),
    foreignKey({ columns: [t.organizationId, t.workflowId], foreignColumns: [workflows.organizationId, workflows.id] }).onDelete('cascade'),
  ],
)

/** Encrypted; the secret never leaves the worker's door. */
export const credentials = pgTable(
  'credentials',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: id('cred').notNull(),
    projectId: id('prj'),
    environmentId: id('env').notNull(),
    name: text().notNull(),
    /** `http.bearer`, `http.basic`, `http.header`, `model.openai`, `webhook.hmac` … */
    type: text().notNull(),
    /** What is no secret: base URL, user name, header name, models. */
    settings: jsonb().$type<Record<string, unknown>>().notNull().default(sql`'{}'::jsonb`),
    allowedHosts: text().array().notNull(),
    /** AES-256-GCM: key per row, wrapped by the key-encryption key; null once cleared. */
    secret: bytea(),
    wrappedKey: bytea(),
    keyVersion: integer().notNull().default(1),
    lastUsedAt: at(),
    createdBy: id('usr'),
    createdAt: createdAt(),
    updatedAt: at().notNull().defaultNow(),
    deletedAt: at(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('credentials_name').on(t.organizationId, t.environmentId, t.name).where(sql`deleted_at is null`),
  ],
)

/** Which credentials a frozen version uses: composite keys, so another organization's cannot be named. */
export const versionCredentials = pgTable(
  'version_credentials',
  {
    organizationId: id('org').notNull(),
    versionId: id('ver').notNull(),
    nodeId: text().notNull(),
    param: text().notNull(),
    credentialId: id('cred').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.versionId, t.nodeId, t.param] }),
    foreignKey({
      columns: [t.organizationId, t.versionId],
      foreignColumns: [workflowVersions.organizationId, workflowVersions.id],
    }).onDelete('cascade'),
    foreignKey({ columns: [t.organizationId, t.credentialId], foreignColumns: [credentials.organizationId, credentials.id] }),
    index('version_credentials_use').on(t.organizationId, t.credentialId),
  ],
)

export const variables = pgTable(
  'variables',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: id('var').notNull(),
    projectId: id('prj'),
    environmentId: id('env').notNull(),
    name: text().notNull(),
    value: jsonb().notNull(),
    description: text().notNull().default(''),
    createdAt: createdAt(),
    updatedAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    unique('variables_name').on(t.organizationId, t.environmentId, t.projectId, t.name).nullsNotDistinct(),
  ],
)

/** Published for others; `organizationId` null means it came with Millrace. Readable by every organization once published. */
export const templates = pgTable('templates', {
  id: id('tpl').primaryKey(),
  slug: text().notNull().unique(),
  organizationId: id('org'),
  name: text().notNull(),
  summary: text().notNull(),
  description: text().notNull(),
  category: text().notNull(),
  version: integer().notNull().default(1),
  graph: jsonb().$type<Graph>().notNull(),
  sampleInput: jsonb(),
  imports: integer().notNull().default(0),
  createdAt: createdAt(),
  updatedAt: at().notNull().defaultNow(),
})

/** Per million tokens, micro-units; the row valid at the call's time is recorded with the step. Null organization: came with Millrace. */
export const modelPrices = pgTable(
  'model_prices',
  {
    id: id('price').primaryKey(),
    organizationId: id('org'),
    provider: text().notNull(),
    model: text().notNull(),
    inputMicros: bigint({ mode: 'number' }).notNull(),
    outputMicros: bigint({ mode: 'number' }).notNull(),
    currency: text().notNull().default('USD'),
    validFrom: at().notNull(),
    createdBy: id('usr'),
    createdAt: createdAt(),
  },
  (t) => [index('model_prices_lookup').on(t.organizationId, t.model, t.validFrom)],
)
