import { z } from 'zod'
import { idOf, json, nodeId, optionalJson, problem, stepError, time } from '@/server/services/shapes'
import { type Operation, operationSchema } from '@/workflows/graph/operations/schema'

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
  error: stepError.nullable(),
  durationMs: z.number().nullable(),
  /** The node was changed since. */
  stale: z.boolean(),
  pinned: z.boolean(),
  source: z.enum(['test', 'run', 'captured', 'typed']),
  at: time,
})
export type DraftResult = z.infer<typeof draftResult>
export const draftResults = z.strictObject({ results: z.array(draftResult) })
export const testNodeInput = z.strictObject({
  workflowId,
  nodeId,
  mode: z.enum(['node', 'upTo', 'all']).default('node'),
  input: optionalJson,
})
export const testedNode = z.strictObject({ runId: z.string(), status: z.string(), finished: z.boolean(), results: z.array(draftResult) })
export const pinResultInput = z.strictObject({ workflowId, nodeId, output: json.nullable() })
export const captureWebhookInput = z.strictObject({ workflowId, nodeId, stop: z.boolean().default(false) })
export const captureStarted = z.strictObject({ url: z.string(), until: time.nullable() })
