import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  boolean,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { Json } from '@/workflows/graph/schema'
import type { StepError } from '@/workflows/nodes/errors'
import type { LogLine } from '@/workflows/nodes/log-line'
import { at, bytea, createdAt, id, jsonb } from './columns'
import { organizations } from './people'

export const runStatuses = ['accepted', 'running', 'waiting', 'succeeded', 'failed', 'cancelled'] as const
export type RunStatus = (typeof runStatuses)[number]

export interface RunRules {
  /** The workflow that is told when the run fails. */
  errorWorkflow?: string
  keepSucceeded?: number
  keepFailed?: number
  /** `failures`: what a successful run's steps took and gave is not kept. */
  record?: 'failures'
  /** Nodes whose values are not kept once the run has ended. */
  forget?: string[]
  /** The person who is told of its failures. */
  owner?: string
}

/** Partitioned by month through ranges of `id` (UUIDv7, made by the server). Nothing unpartitioned has a foreign key into it. */
export const runs = pgTable(
  'runs',
  {
    organizationId: id('org').notNull(),
    id: id('run').notNull(),
    workflowId: id('wf').notNull(),
    /** Null when a draft was run by hand. */
    versionId: id('ver'),
    versionNumber: integer(),
    projectId: id('prj').notNull(),
    environmentId: id('env').notNull(),
    /** manual, schedule, webhook, api, replay, example */
    trigger: text().notNull(),
    triggerNodeId: text(),
    triggerRef: text(),
    startedBy: id('usr'),
    /** First run of the chain; itself for a first run. */
    rootId: id('run').notNull(),
    replayOfId: id('run'),
    replayFromPath: text(),
    generation: integer().notNull().default(0),
    /** The run that started this one; with a path, it waits there for the end. */
    parentRunId: id('run'),
    parentPath: text(),
    status: text({ enum: runStatuses }).notNull().default('accepted'),
    /** What it waits for, in words and machine-readable: { kind, path, dueAt }. */
    waitingFor: jsonb(),
    input: jsonb().$type<Json>(),
    output: jsonb().$type<Json>(),
    error: jsonb().$type<StepError & { path: string; nodeTitle: string }>(),
    errorSignature: text(),
    currency: text().notNull().default('USD'),
    costMicros: bigint({ mode: 'number' }).notNull().default(0),
    stepsDone: integer().notNull().default(0),
    /** Taken over from another worker that many times; 0 steps repeated is shown beside it. */
    moves: integer().notNull().default(0),
    startedAt: at(),
    finishedAt: at(),
    /** Time of acceptance; equals the time in the id. */
    createdAt: createdAt(),
    /** What the version's settings say of this run's end; null where they say nothing. */
    rules: jsonb().$type<RunRules>(),
    /** When it is looked at for deletion; null until the workflow's keep-days have passed over it. */
    keepUntil: at(),
    /** Variables that somebody set for this run alone. */
    vars: jsonb().$type<Record<string, Json>>(),
    /** By path, what comes into a step in place of what its wires bring: somebody edited it for this run. */
    stepInputs: jsonb().$type<Record<string, Json>>(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('runs_keep').on(t.keepUntil).where(sql`keep_until is not null`),
    index('runs_by_parent').on(t.organizationId, t.parentRunId).where(sql`parent_run_id is not null`),
    index('runs_by_workflow').on(t.organizationId, t.workflowId, t.id.desc().nullsFirst()),
    index('runs_failed').on(t.organizationId, t.id.desc().nullsFirst()).where(sql`status = 'failed'`),
    index('runs_by_trigger').on(t.organizationId, t.trigger, t.id.desc().nullsFirst()),
    index('runs_by_status').on(t.organizationId, t.status, t.id.desc().nullsFirst()),
    index('runs_by_root').on(t.organizationId, t.rootId),
  ],
)

/** Partitioned like runs, by `runId`. One row an attempt. */
export const runSteps = pgTable(
  'run_steps',
  {
    organizationId: id('org').notNull(),
    runId: id('run').notNull(),
    path: text().notNull(),
    attempt: integer().notNull(),
    status: text({ enum: ['started', 'succeeded', 'failed', 'waiting', 'skipped', 'unknown'] }).notNull(),
    port: text(),
    input: jsonb().$type<Json>(),
    output: jsonb().$type<Json>(),
    error: jsonb().$type<StepError>(),
    inputHash: text(),
    blobHash: bytea(),
    originRunId: id('run'),
    epoch: integer().notNull(),
    /** Order of recording within the run. */
    seq: integer().notNull(),
    startedAt: at().notNull(),
    durationUs: bigint({ mode: 'number' }).notNull().default(0),
    retryAt: at(),
    model: text(),
    inputTokens: integer(),
    outputTokens: integer(),
    practice: boolean(),
    currency: text(),
    costMicros: bigint({ mode: 'number' }).notNull().default(0),
    /** Steps that ran before lines had a time and a level have plain texts. */
    logs: jsonb().$type<(LogLine | string)[]>(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.runId, t.path, t.attempt] }),
    index('run_steps_blob').on(t.organizationId, t.blobHash).where(sql`blob_hash is not null`),
  ],
)

/** One row an unfinished run; deleted by the statement that finishes it. */
export const liveRuns = pgTable(
  'live_runs',
  {
    runId: id('run').primaryKey(),
    organizationId: id('org').notNull(),
    workflowId: id('wf').notNull(),
    state: text({ enum: ['accepted', 'running', 'waiting'] }).notNull(),
    /** `starting`: given to a worker to start in Temporal, which has not acknowledged it. */
    driver: text({ enum: ['none', 'starting', 'temporal', 'lane'] })
      .notNull()
      .default('none'),
    priority: smallint().notNull().default(5),
    epoch: integer().notNull().default(0),
    holderId: id('hold'),
    dueAt: at(),
    wakeSeq: integer().notNull().default(0),
    wakeSeen: integer().notNull().default(0),
    cancelAt: at(),
    cancelReason: text(),
    pauseAt: at(),
    crashes: integer().notNull().default(0),
    soloCrashes: integer().notNull().default(0),
    changedAt: at().notNull().defaultNow(),
    /** The run that waits for this one and takes it along when it ends. */
    parentRunId: id('run'),
    /** How many runs stand above it. */
    depth: smallint().notNull().default(0),
    /** Runs of one key share `slotLimit` slots; one without a slot is `waiting` and nothing but a free slot or a cancel moves it. */
    limitKey: text(),
    slotLimit: integer(),
    hasSlot: boolean().notNull().default(true),
    /** Cancels the older ones of its key. */
    supersedes: boolean().notNull().default(false),
    /** Gets no slot before this: its workflow starts only so many in a time. */
    notBefore: at(),
    /** Parts of its loops may be with other workers. */
    chunked: boolean().notNull().default(false),
  },
  (t) => [
    index('live_runs_parent').on(t.parentRunId).where(sql`parent_run_id is not null`),
    index('live_runs_limit').on(t.limitKey, t.priority, t.runId).where(sql`limit_key is not null`),
    index('live_runs_accepted').on(t.organizationId, t.priority, t.runId).where(sql`state = 'accepted'`),
    index('live_runs_running').on(t.holderId).where(sql`state = 'running'`),
    index('live_runs_due').on(t.dueAt).where(sql`state = 'waiting'`),
    index('live_runs_not_before').on(t.notBefore).where(sql`not_before is not null and not has_slot`),
  ],
)

/** When runs of a workflow with a rate were given their start, until that no longer counts. */
export const runStarts = pgTable(
  'run_starts',
  {
    organizationId: id('org').notNull(),
    /** Workflow, and what is counted for itself. */
    rateKey: text().notNull(),
    startAt: at().notNull(),
    runId: id('run').notNull(),
    expiresAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.rateKey, t.startAt, t.runId] }), index('run_starts_expires').on(t.expiresAt)],
)

/** What a step gave, for later runs of the same node with the same key. */
export const keptResults = pgTable(
  'kept_results',
  {
    organizationId: id('org').notNull(),
    workflowId: id('wf').notNull(),
    nodeId: text().notNull(),
    keyHash: bytea().notNull(),
    /** The run that computed it. */
    runId: id('run').notNull(),
    port: text().notNull(),
    output: jsonb().$type<Json>(),
    blobHash: bytea(),
    createdAt: createdAt(),
    expiresAt: at().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.workflowId, t.nodeId, t.keyHash] }),
    index('kept_results_expires').on(t.expiresAt),
    index('kept_results_blob').on(t.organizationId, t.blobHash).where(sql`blob_hash is not null`),
  ],
)

/** What is still to be started because a run ended; written with its end, deleted with the start. */
export const runSequels = pgTable(
  'run_sequels',
  {
    organizationId: id('org').notNull(),
    runId: id('run').notNull(),
    kind: text({ enum: ['error'] }).notNull(),
    workflowId: id('wf').notNull(),
    createdAt: createdAt(),
    /** Looked at again only after a while. */
    triedAt: at(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.runId, t.kind] }), index('run_sequels_oldest').on(t.createdAt)],
)

/**
 * Parts of a loop that several workers go through at once, each with an epoch and a holder of its own. They record steps of their items in
 * the run's log and nothing else; when the last of them ended, the run goes on with what it finds there. Gone with the wait for them.
 */
export const runChunks = pgTable(
  'run_chunks',
  {
    organizationId: id('org').notNull(),
    runId: id('run').notNull(),
    /** The loop's. */
    path: text().notNull(),
    no: integer().notNull(),
    fromItem: integer().notNull(),
    /** The first behind it. */
    toItem: integer().notNull(),
    /** Items of the whole loop. */
    items: integer().notNull(),
    /** Items of this chunk that are under way at once. */
    concurrency: integer().notNull(),
    /** Chunks of the loop that are under way at once. */
    parallel: integer().notNull(),
    queue: text().notNull().default('default'),
    state: text({ enum: ['free', 'held', 'ended'] })
      .notNull()
      .default('free'),
    epoch: integer().notNull().default(0),
    holderId: id('hold'),
    crashes: integer().notNull().default(0),
    /** Nothing new begins in it: the loop fails or is let go. */
    stopping: boolean().notNull().default(false),
    /** The number of the last step in the run's log when it was made, and of its own last one. */
    firstSeq: integer().notNull(),
    lastSeq: integer().notNull(),
    createdAt: createdAt(),
    changedAt: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.runId, t.path, t.no] }), index('run_chunks_run').on(t.runId)],
)

export const runWaits = pgTable(
  'run_waits',
  {
    organizationId: id('org').notNull(),
    runId: id('run').notNull(),
    path: text().notNull(),
    attempt: integer().notNull(),
    kind: text({ enum: ['time', 'retry', 'approval', 'callback', 'event', 'child', 'chunks', 'break'] }).notNull(),
    keyHash: bytea(),
    dueAt: at(),
    detail: jsonb(),
    createdAt: createdAt(),
    settledAt: at(),
    settledBy: text(),
    result: jsonb(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.runId, t.path, t.attempt] }),
    uniqueIndex('run_waits_key').on(t.keyHash).where(sql`settled_at is null`),
    index('run_waits_due').on(t.dueAt).where(sql`settled_at is null`),
  ],
)

/** What people and the outside told a run: cancel, pause, resume, decisions. Single use where it must be. */
export const runEvents = pgTable(
  'run_events',
  {
    organizationId: id('org').notNull(),
    runId: id('run').notNull(),
    id: id('evt').notNull(),
    /** accepted, taken, moved, waiting, cancel_asked, paused, resumed, decided, respond, finished … */
    kind: text().notNull(),
    actorId: text(),
    detail: jsonb(),
    at: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.runId, t.id] })],
)

/** The answer of a *respond* node, waiting to be handed to the caller. */
export const runResponses = pgTable(
  'run_responses',
  {
    organizationId: id('org').notNull(),
    runId: id('run').notNull(),
    status: integer().notNull(),
    headers: jsonb().$type<Record<string, string>>().notNull(),
    body: jsonb().$type<Json>(),
    at: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.runId] })],
)

/** A worker process with a lease, renewed every 2 s, over after 10 s. */
export const holders = pgTable('holders', {
  id: id('hold').primaryKey(),
  kind: text().notNull(),
  host: text().notNull(),
  pid: integer().notNull(),
  build: text().notNull(),
  startedAt: at().notNull().defaultNow(),
  leaseUntil: at().notNull(),
  /** Runs that may stand as this lane's before no further ones are handed to it; 0 where there is no lane, or it closes. */
  room: integer().notNull().default(0),
  /** What was said of its room counts until then. */
  roomUntil: at().notNull().defaultNow(),
})

export const deadLetters = pgTable(
  'dead_letters',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: id('dl').notNull(),
    runId: id('run').notNull(),
    workflowId: id('wf').notNull(),
    projectId: id('prj').notNull(),
    signature: text().notNull(),
    class: text().notNull(),
    state: text({ enum: ['open', 'retried', 'resolved', 'discarded'] })
      .notNull()
      .default('open'),
    failedPath: text().notNull(),
    nodeTitle: text().notNull(),
    message: text().notNull(),
    hint: text(),
    openedAt: at().notNull().defaultNow(),
    ownerId: id('usr'),
    /** The run that was started to repair it. */
    retryRunId: id('run'),
    closedAt: at(),
    closedBy: id('usr'),
    reason: text(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    unique('dead_letters_run').on(t.organizationId, t.runId),
    index('dead_letters_open').on(t.organizationId, t.signature, t.openedAt).where(sql`state = 'open'`),
    index('dead_letters_state').on(t.organizationId, t.state, t.id.desc().nullsFirst()),
    index('dead_letters_retry').on(t.retryRunId),
    index('dead_letters_owner').on(t.organizationId, t.ownerId).where(sql`state = 'open' and owner_id is not null`),
  ],
)

/** Work that a run gives to a person. Settled together with its wait. */
export const tasks = pgTable(
  'tasks',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: id('task').notNull(),
    runId: id('run').notNull(),
    path: text().notNull(),
    attempt: integer().notNull(),
    workflowId: id('wf').notNull(),
    projectId: id('prj').notNull(),
    kind: text({ enum: ['approval'] }).notNull(),
    title: text().notNull(),
    description: text().notNull().default(''),
    facts: jsonb().$type<{ label: string; value: Json }[]>().notNull(),
    assigneeIds: text().array().notNull(),
    state: text({ enum: ['open', 'approved', 'declined', 'expired', 'cancelled'] })
      .notNull()
      .default('open'),
    dueAt: at(),
    createdAt: createdAt(),
    decidedAt: at(),
    decidedBy: id('usr'),
    comment: text(),
    /** When somebody has to be reminded, or others have to be asked, next. */
    alertAt: at(),
    reminders: integer().notNull().default(0),
    remindedAt: at(),
    escalatedAt: at(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    unique('tasks_wait').on(t.organizationId, t.runId, t.path, t.attempt),
    index('tasks_open').on(t.organizationId, t.state, t.id.desc().nullsFirst()),
    index('tasks_alert').on(t.alertAt).where(sql`state = 'open' and alert_at is not null`),
  ],
)

/** One trigger, one run: delivery ids, schedule fires, idempotency keys, for 30 days. */
export const runDedupe = pgTable(
  'run_dedupe',
  {
    organizationId: id('org').notNull(),
    source: text().notNull(),
    keyHash: bytea().notNull(),
    runId: id('run').notNull(),
    expiresAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.source, t.keyHash] }), index('run_dedupe_expires').on(t.expiresAt)],
)

/** Values over 128 KB, by content; never shared across organizations. The body is the first part of what is longer. */
export const blobs = pgTable(
  'blobs',
  {
    organizationId: id('org')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    hash: bytea().notNull(),
    bytes: bigint({ mode: 'number' }).notNull(),
    keyVersion: integer().notNull().default(1),
    body: bytea().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.hash] })],
)

/** What follows in a large value after the first part, which is its blob's body: none is ever whole in one statement. */
export const blobParts = pgTable(
  'blob_parts',
  {
    organizationId: id('org').notNull(),
    hash: bytea().notNull(),
    number: integer().notNull(),
    body: bytea().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.hash, t.number] }),
    foreignKey({
      name: 'blob_parts_of_blob',
      columns: [t.organizationId, t.hash],
      foreignColumns: [blobs.organizationId, blobs.hash],
    }).onDelete('cascade'),
  ],
)

/** Large values to which this run referred and refers no more: retention looks at them again when they are no longer young. */
export const looseBlobs = pgTable(
  'loose_blobs',
  {
    organizationId: id('org').notNull(),
    hash: bytea().notNull(),
    runId: id('run').notNull(),
    at: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.hash, t.runId] }), index('loose_blobs_oldest').on(t.at)],
)

/** In the same transaction as what it tells of; feeds live updates and Temporal starts. */
export const outbox = pgTable(
  'outbox',
  {
    seq: bigserial({ mode: 'number' }).primaryKey(),
    organizationId: id('org').notNull(),
    /** `run`, `workflow`, `draft`, `dead_letter`, `schedule`, `task`, `credential` … */
    kind: text().notNull(),
    ids: text().array().notNull(),
    at: at().notNull().defaultNow(),
  },
  (t) => [index('outbox_by_organization').on(t.organizationId, t.seq)],
)

/** Added up when a run finishes; dashboards never scan steps. */
export const usageHourly = pgTable(
  'usage_hourly',
  {
    organizationId: id('org').notNull(),
    hour: at().notNull(),
    workflowId: id('wf').notNull(),
    /** '' for what is not a model's. */
    model: text().notNull(),
    currency: text().notNull(),
    runs: integer().notNull().default(0),
    failed: integer().notNull().default(0),
    steps: integer().notNull().default(0),
    inputTokens: bigint({ mode: 'number' }).notNull().default(0),
    outputTokens: bigint({ mode: 'number' }).notNull().default(0),
    costMicros: bigint({ mode: 'number' }).notNull().default(0),
    durationMs: bigint({ mode: 'number' }).notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.hour, t.workflowId, t.model, t.currency] })],
)
