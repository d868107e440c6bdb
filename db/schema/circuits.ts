import { sql } from 'drizzle-orm'
import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { StepError } from '@/workflows/nodes/errors'
import { at, id, jsonb } from './columns'
import { organizations } from './people'

const circuitStates = ['counting', 'open', 'probing', 'returning'] as const
export type CircuitState = (typeof circuitStates)[number]

/** One host as one credential calls it, while its calls fail; there is no row where they work. */
export const circuits = pgTable(
  'circuits',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** Derived from organization, credential and host. */
    id: id('circ').notNull(),
    credentialId: id('cred'),
    host: text().notNull(),
    state: text({ enum: circuitStates }).notNull(),
    /** Class of the last failure. */
    kind: text().notNull(),
    failures: integer().notNull(),
    /** How often it opened since a call worked. */
    opens: integer().notNull().default(0),
    lastError: jsonb().$type<Pick<StepError, 'class' | 'code' | 'message'>>(),
    failedAt: at().notNull().defaultNow(),
    openedAt: at(),
    /** When one call may try; null where somebody has to do something first. */
    tryAt: at(),
    probeUntil: at(),
    /** Runs of the last batch that went on, and when the next may. */
    released: integer().notNull().default(0),
    releaseAt: at(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('circuits_credential').on(t.organizationId, t.credentialId).where(sql`credential_id is not null`),
  ],
)

/** A step of a run that waits for a circuit. */
export const circuitWaits = pgTable(
  'circuit_waits',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    runId: id('run').notNull(),
    path: text().notNull(),
    circuitId: id('circ').notNull(),
    since: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.runId, t.path] }),
    index('circuit_waits_turn').on(t.organizationId, t.circuitId, t.since),
  ],
)
