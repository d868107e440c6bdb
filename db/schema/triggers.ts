import { boolean, foreignKey, index, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { at, bytea, createdAt, id, jsonb } from './columns'
import { environments } from './people'
import { workflows } from './workflows'

/** The truth; mirrored to a Temporal Schedule whose id is this id. */
export const schedules = pgTable(
  'schedules',
  {
    organizationId: id('org').notNull(),
    id: id('sch').notNull(),
    workflowId: id('wf').notNull(),
    environmentId: id('env').notNull(),
    /** The schedule trigger node it starts; null starts the first trigger that takes it. */
    nodeId: text(),
    name: text().notNull(),
    /** Five fields. */
    cron: text().notNull(),
    timeZone: text().notNull(),
    input: jsonb(),
    paused: boolean().notNull().default(false),
    pauseReason: text(),
    /** What happens when the one before still runs. */
    overlap: text({ enum: ['skip', 'start'] })
      .notNull()
      .default('skip'),
    /** Seconds a missed fire may be late and still start. */
    catchUpSeconds: integer().notNull().default(3600),
    revision: integer().notNull().default(1),
    /** Revision that Temporal has; behind means the mirror is due. */
    mirroredRevision: integer().notNull().default(0),
    createdBy: id('usr'),
    createdAt: createdAt(),
    updatedAt: at().notNull().defaultNow(),
    deletedAt: at(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    foreignKey({ columns: [t.organizationId, t.workflowId], foreignColumns: [workflows.organizationId, workflows.id] }).onDelete('cascade'),
    foreignKey({ columns: [t.organizationId, t.environmentId], foreignColumns: [environments.organizationId, environments.id] }),
    index('schedules_workflow').on(t.organizationId, t.workflowId),
  ],
)

/** Every expected fire with what became of it. */
export const scheduleFires = pgTable(
  'schedule_fires',
  {
    organizationId: id('org').notNull(),
    scheduleId: id('sch').notNull(),
    nominalAt: at().notNull(),
    firedAt: at(),
    outcome: text({ enum: ['ran', 'late', 'missed', 'skipped', 'superseded', 'paused'] }).notNull(),
    reason: text(),
    runId: id('run'),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.scheduleId, t.nominalAt] }),
    foreignKey({ columns: [t.organizationId, t.scheduleId], foreignColumns: [schedules.organizationId, schedules.id] }).onDelete('cascade'),
  ],
)

/** One a webhook trigger node; made when it is first saved, so that its URL can be copied before publish. */
export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    organizationId: id('org').notNull(),
    id: id('hook').notNull(),
    workflowId: id('wf').notNull(),
    environmentId: id('env').notNull(),
    nodeId: text().notNull(),
    tokenHash: bytea().notNull().unique('webhook_endpoints_token'),
    /** Encrypted, to be shown again to who may edit; the lookup is by hash of the whole. */
    tokenSecret: bytea().notNull(),
    active: boolean().notNull().default(true),
    /** Until when the next request is also kept as test data. */
    captureUntil: at(),
    lastCalledAt: at(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    unique('webhook_endpoints_node').on(t.organizationId, t.workflowId, t.nodeId, t.environmentId),
    foreignKey({ columns: [t.organizationId, t.workflowId], foreignColumns: [workflows.organizationId, workflows.id] }).onDelete('cascade'),
  ],
)
