import { sql } from 'drizzle-orm'
import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { at, createdAt, id } from './columns'
import { organizations } from './people'

export const alertKinds = ['task.opened', 'task.reminder', 'task.escalated', 'run.failed'] as const
export type AlertKind = (typeof alertKinds)[number]

/** The address where an organization wants to hear what waits for people and what failed. */
export const alertTargets = pgTable('alert_targets', {
  organizationId: id('org')
    .primaryKey()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  url: text().notNull(),
  credentialId: id('cred'),
  kinds: text({ enum: alertKinds }).array().notNull(),
  updatedAt: at().notNull().defaultNow(),
  updatedBy: id('usr'),
})

/** One piece of news on its way there; what it says is read when it is sent. */
export const alerts = pgTable(
  'alerts',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: id('alert').notNull(),
    kind: text({ enum: alertKinds }).notNull(),
    /** A task or a dead letter, by its kind. */
    subjectId: uuid().notNull(),
    attempts: integer().notNull().default(0),
    /** Null once it was sent or given up. */
    dueAt: at(),
    sentAt: at(),
    error: text(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('alerts_due').on(t.dueAt).where(sql`due_at is not null`),
    index('alerts_oldest').on(t.createdAt),
  ],
)
