import { z } from 'zod'
import { idOf, json, logLine, nodeId, optionalJson, problem, stepError, time } from '@/server/services/shapes'
import { type Operation, operationSchema } from '@/workflows/graph/operations/schema'
import { limits } from '@/workflows/limits'

const workflowId = idOf('wf')
const opId = z.string().min(8).max(80)
const clientId = z.string().min(1).max(80)
/** Checked when it was accepted. */
const storedOperation = z.unknown() as unknown as z.ZodType<Operation, Operation>

export const applyDraftInput = z.strictObject({
  workflowId,
  baseRevision: z.number().int().min(0),
  clientId,
  operations: z
    .array(z.strictObject({ opId, operation: operationSchema }))
    .min(1)
    .max(200),
})
const overwrite = z.strictObject({ nodeId: z.string(), pointer: z.string(), expected: optionalJson, found: optionalJson })
export const operationResult = z.union([
  z.strictObject({
    opId: z.string(),
    ok: z.literal(true),
    revision: z.number(),
    /** Fields that somebody else had changed since: this value stands, the other person is told. */
    overwrote: z.array(overwrite).optional(),
    /** Parts of an undo that were left alone. */
    skipped: z.array(problem).optional(),
  }),
  z.strictObject({
    opId: z.string(),
    ok: z.literal(false),
    problem,
    /** What could not be applied, so that the person keeps it. */
    kept: storedOperation.optional(),
  }),
])
export type OperationAnswer = z.infer<typeof operationResult>
export const draftOperation = z.strictObject({
  revision: z.number(),
  operation: storedOperation,
  clientId: z.string(),
  userId: z.string().nullable(),
  opId: z.string(),
})
export const appliedDraft = z.strictObject({
  revision: z.number(),
  results: z.array(operationResult),
  /** Others' operations after `baseRevision`, in order. */
  missed: z.array(draftOperation),
  /** Too much was missed to send: load the draft again, then send what was refused. */
  reload: z.boolean(),
})
export const draftSinceInput = z.strictObject({ workflowId, revision: z.number().int().min(0) })
export const draftSince = z.strictObject({ revision: z.number(), operations: z.array(draftOperation), reload: z.boolean() })
export const draftChangeInput = z.strictObject({
  workflowId,
  revision: z.number().int().min(0).optional(),
  lastEventId: z.string().max(100).nullish(),
})

export const draftTarget = z.strictObject({ workflowId })
export const draftResult = z.strictObject({
  nodeId: z.string(),
  status: z.string(),
  port: z.string().nullable(),
  input: json,
  output: json,
  /** Of a container, with the path of the step inside at which it failed. */
  error: stepError.extend({ path: z.string().optional() }).nullable(),
  durationMs: z.number().nullable(),
  /** The node, or something before it, was changed since. */
  stale: z.boolean(),
  /** What it was made from, see `basesOf`; null for what came from outside. */
  basis: z.string().nullable(),
  /** Set where the output is only the beginning of one that is kept apart; `value` gives it whole. */
  outputBytes: z.number().nullable(),
  pinned: z.boolean(),
  source: z.enum(['test', 'run', 'captured', 'typed']),
  at: time,
  /** Of a step in a container: where in its run it gave this; the item or round counted from 0, and how many there were. */
  iteration: z
    .strictObject({ runId: idOf('run'), path: z.string(), index: z.number().nullable(), total: z.number().nullable() })
    .optional(),
})
export type DraftResult = z.infer<typeof draftResult>
/** A step at which a test waits now, for a person, a callback, a time or another run; `dueAt` is null where nothing but the other side ends it. */
const waitingStep = z.strictObject({
  nodeId: z.string(),
  kind: z.enum(['time', 'approval', 'callback', 'event', 'child', 'chunks']),
  since: time,
  dueAt: time.nullable(),
})
export type WaitingStep = z.infer<typeof waitingStep>
/** A test that somebody stopped: the steps that were under way or that it was held before, and those that it ran. */
const cancelledTest = z.strictObject({ runId: idOf('run'), when: time, at: z.array(z.string()), ran: z.array(z.string()) })
export type CancelledTest = z.infer<typeof cancelledTest>
export const draftResults = z.strictObject({
  results: z.array(draftResult),
  waiting: z.array(waitingStep),
  /** The newest test, where it was stopped. */
  cancelled: cancelledTest.nullable(),
})
/** One iteration of a container, counted from 0. */
export const draftIterationInput = z.strictObject({ workflowId, nodeId, index: z.number().int().min(0).max(limits.listItems) })
export const draftIteration = z.strictObject({ results: z.array(draftResult) })
export const testNodeInput = z.strictObject({
  workflowId,
  nodeId,
  mode: z.enum(['node', 'upTo', 'from', 'all']).default('node'),
  input: optionalJson,
  /** Steps that are not executed: their last answer, or this one, stands for the call. */
  instead: z
    .array(z.strictObject({ nodeId, output: optionalJson }))
    .max(10_000)
    .default([]),
  /** Breakpoints: neither these steps nor what comes after them runs. */
  stopBefore: z.array(nodeId).max(10_000).default([]),
  /** Breakpoints inside containers: the test is held there in each item and round that comes to them. */
  holdBefore: z.array(nodeId).max(10_000).default([]),
})
export const draftValueInput = z.strictObject({ workflowId, nodeId })
/** `source`: where the result is from whose lines are wanted. */
export const draftLogsInput = z.strictObject({ workflowId, nodeId, source: z.enum(['test', 'run']) })
export const draftLogs = z.strictObject({
  /** When the attempt began that wrote them; null where no run of it is kept. */
  startedAt: time.nullable(),
  logs: z.array(logLine),
})
/** As text, so that a large value is read once. */
export const draftValue = z.strictObject({ text: z.string() })
/** Where a test is held: nothing of it runs until somebody lets it go on. */
export const heldTest = z.strictObject({
  path: z.string(),
  nodeId: z.string(),
  /** Absent where it is too large to be shown here. */
  input: optionalJson,
  /** The iterations around the step, from the outside in; `item` where it is one of a loop's, and not too large. */
  around: z.array(
    z.strictObject({
      nodeId: z.string(),
      iteration: z.string(),
      index: z.number().nullable(),
      total: z.number().nullable(),
      item: optionalJson,
    }),
  ),
  /** What the steps of these iterations gave so far. */
  values: z.array(draftResult.extend({ path: z.string() })),
  until: time,
})
export type HeldTest = z.infer<typeof heldTest>
export const goOnInput = z.strictObject({
  workflowId,
  runId: idOf('run'),
  /** Where it is held. */
  path: z.string().min(1).max(2_000),
  /** Held again before whatever comes next, in this iteration first. */
  step: z.boolean().default(false),
  /** Breakpoints from now on. */
  holdBefore: z.array(nodeId).max(10_000).default([]),
  /** What comes into the step from now on, and the item that the iteration is for. */
  input: optionalJson,
  item: optionalJson,
  /** What steps shall have given. */
  outputs: z
    .array(z.strictObject({ path: z.string(), output: json }))
    .max(1_000)
    .default([]),
})
export const testedNode = z.strictObject({
  runId: z.string(),
  status: z.string(),
  finished: z.boolean(),
  results: z.array(draftResult),
  /** Steps that it really ran. */
  ran: z.array(z.string()),
  /** Steps at which it waits. */
  waiting: z.array(waitingStep),
  held: heldTest.nullable(),
})
export const pinResultInput = z.strictObject({ workflowId, nodeId, output: json.nullable() })
export const captureWebhookInput = z.strictObject({ workflowId, nodeId, stop: z.boolean().default(false) })
export const captureStarted = z.strictObject({ url: z.string(), until: time.nullable() })

export const keepTestInputInput = z.strictObject({ workflowId, nodeId, name: z.string().trim().min(1).max(120), input: optionalJson })
export const testInputList = z.strictObject({
  items: z.array(z.strictObject({ nodeId: z.string(), name: z.string(), input: json, at: time })),
})
