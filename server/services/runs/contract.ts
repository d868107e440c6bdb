import { z } from 'zod'
import {
  idOf,
  json,
  logLine,
  optionalJson,
  pageInput,
  pageOf,
  person,
  runStatus,
  stepError,
  storedGraph,
  time,
  timeInput,
} from '@/server/services/shapes'
import { limits } from '@/workflows/limits'

const runId = idOf('run')
const workflowId = idOf('wf')
const path = z.string().min(1).max(400)
export const runTarget = z.strictObject({ runId })

export const listRunsInput = z.strictObject({
  status: z
    .array(z.enum(['accepted', 'running', 'waiting', 'succeeded', 'failed', 'cancelled']))
    .max(6)
    .optional(),
  workflowId: workflowId.optional(),
  projectId: idOf('prj').optional(),
  trigger: z.enum(['manual', 'schedule', 'webhook', 'api', 'replay', 'example', 'test', 'workflow', 'error']).optional(),
  /** Tests of drafts are left out unless asked for. */
  from: timeInput.optional(),
  to: timeInput.optional(),
  /** An id, or words of the error. */
  search: z.string().trim().max(200).optional(),
  ...pageInput,
})

const runError = z.strictObject({
  message: z.string(),
  hint: z.string().nullable(),
  nodeTitle: z.string(),
  path: z.string(),
  class: z.string(),
})
/** `worker` where the run could go on and nobody has it yet; else what must happen first. */
export const waitKinds = [
  'approval',
  'time',
  'retry',
  'callback',
  'event',
  'child',
  'chunks',
  'break',
  'circuit',
  'slot',
  'rate',
  'pause',
  'worker',
] as const
const waitingFor = z.strictObject({
  kind: z.enum(waitKinds),
  path: z.string().nullable(),
  nodeTitle: z.string().nullable(),
  since: time,
  /** Null where nothing but the other side ends it. */
  dueAt: time.nullable(),
  /** Which workers may take it. */
  queue: z.string().optional(),
  /** Calls of a host that failed in a row are held back: which, and when one of them tries; null `dueAt` where somebody has to do something. */
  circuit: z.strictObject({ host: z.string(), failures: z.number(), refused: z.boolean() }).optional(),
  /** Workers that go through a large loop together, and the items whose parts are done. */
  chunks: z.strictObject({ items: z.number(), done: z.number(), workers: z.number() }).optional(),
})
const runFields = {
  id: z.string(),
  status: runStatus,
  /** Asked to stop, or held by a person; the status follows. */
  cancelling: z.boolean(),
  paused: z.boolean(),
  workflow: z.strictObject({ id: z.string(), name: z.string() }),
  projectId: z.string(),
  /** Null for a run of the draft. */
  version: z.number().nullable(),
  versionId: z.string().nullable(),
  trigger: z.string(),
  startedBy: person.nullable(),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  durationMs: z.number().nullable(),
  /** One letter a step, oldest first, at most 24: s succeeded, f failed, w waiting, r running, k skipped, u unknown. */
  steps: z.string(),
  stepsDone: z.number(),
  currentStep: z.string().nullable(),
  costMicros: z.number(),
  currency: z.string(),
  error: runError.nullable(),
  deadLetterId: z.string().nullable(),
  replayOfId: z.string().nullable(),
  /** The worker that executes it; until when is renewed as long as that lives. */
  holder: z.strictObject({ host: z.string(), since: time, until: time }).nullable(),
  /** What must happen before it goes on; null while a worker executes it, and at its end. */
  waitingFor: waitingFor.nullable(),
}
export const runItem = z.strictObject(runFields)
export type RunItem = z.infer<typeof runItem>
export const runPage = pageOf(runItem)

/** `path`: where in the parent it is waited for; null where it is not. */
const relative = z.strictObject({ id: z.string(), workflowName: z.string(), path: z.string().nullable(), status: runStatus })

const runProgress = z.strictObject({ path: z.string(), unit: z.enum(['turn', 'item', 'round']), at: z.number(), of: z.number().nullable() })
export type RunProgress = z.infer<typeof runProgress>

export const runDetail = z.strictObject({
  ...runFields,
  error: runError.extend({ code: z.string(), details: optionalJson, pointer: z.string().nullable() }).nullable(),
  graph: storedGraph,
  /** Null where the viewer may not see payloads. */
  input: json,
  output: json,
  payloadsHidden: z.boolean(),
  /** Steps under way that are made of others, and how far they are. */
  progress: z.array(runProgress),
  /** Taken over by another worker that many times. */
  moves: z.number(),
  rootId: z.string(),
  replayFromPath: z.string().nullable(),
  /** Runs that repeat this one or a repetition of it, newest first; what this one repeats is `replayOfId`. */
  replays: z.array(z.strictObject({ id: z.string(), status: runStatus, createdAt: time })),
  /** The run whose step started this one. */
  parent: relative.nullable(),
  /** Runs that its steps started, oldest first, at most 50. */
  children: z.array(relative),
  deadLetter: z.strictObject({ id: z.string(), state: z.string(), retryRunId: z.string().nullable() }).nullable(),
  tasks: z.array(z.strictObject({ id: z.string(), path: z.string(), title: z.string(), state: z.string() })),
  events: z.array(z.strictObject({ kind: z.string(), at: time, by: person.nullable(), detail: json })),
  can: z.strictObject({
    cancel: z.boolean(),
    pause: z.boolean(),
    resume: z.boolean(),
    replay: z.boolean(),
    seePayloads: z.boolean(),
  }),
})

/** `''` is the run itself, `<container>/<iteration>/` one item of a loop, one round, one branch; these may stand in one another. */
const frame = z
  .string()
  .max(400)
  .regex(/^([^/]+\/[^/]+\/)*$/, 'Write it as <container>/<iteration>/.')

export const listStepsInput = z.strictObject({
  runId,
  after: z.number().int().min(0).optional(),
  /** Only the steps of this part of the run, with the turns of its agents; where absent, all of them. */
  within: frame.optional(),
})
export const stepItem = z.strictObject({
  path: z.string(),
  nodeId: z.string(),
  nodeTitle: z.string(),
  nodeType: z.string(),
  attempt: z.number(),
  status: z.enum(['started', 'succeeded', 'failed', 'waiting', 'skipped', 'unknown']),
  port: z.string().nullable(),
  startedAt: time,
  durationUs: z.number(),
  retryAt: time.nullable(),
  model: z.string().nullable(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  practice: z.boolean(),
  costMicros: z.number(),
  currency: z.string().nullable(),
  /** Taken over from the run it repeats. */
  reused: z.boolean(),
  originRunId: z.string().nullable(),
  error: stepError.nullable(),
  seq: z.number(),
  hasOutput: z.boolean(),
  /** How many items it gave: those of a list, else one; null where it gave nothing, or so much that counting would read it all. */
  items: z.number().nullable(),
  /** The time this try spent waiting for a moment, a person, a call, an event or another run; `until` is null while it waits. */
  waited: z
    .strictObject({
      kind: z.enum(['time', 'approval', 'callback', 'event', 'child']),
      since: time,
      until: time.nullable(),
      dueAt: time.nullable(),
    })
    .nullable(),
})
export type StepItem = z.infer<typeof stepItem>
/** In order of recording; `lastSeq` goes back in as `after`, at once where there is `more`. */
export const stepList = z.strictObject({ items: z.array(stepItem), lastSeq: z.number(), more: z.boolean() })

const iterationLook = z.enum(['running', 'succeeded', 'failed', 'retrying', 'waiting', 'unknown'])
/** `path` is a container's step. */
export const listIterationsInput = z.strictObject({
  runId,
  path,
  from: z.number().int().min(0).max(limits.listItems).default(0),
  count: z.number().int().min(1).max(1_000).default(500),
})
const iterationItem = z.strictObject({
  /** As it stands in the paths of its steps: `<path>/<iteration>/`. */
  iteration: z.string(),
  look: iterationLook,
  steps: z.number(),
  tries: z.number(),
  startedAt: time,
  durationUs: z.number(),
})
export type IterationItem = z.infer<typeof iterationItem>
/** Those that have begun, in order; loops are counted from 0. */
export const iterationPage = z.strictObject({ items: z.array(iterationItem) })

export const summariseLoopInput = z.strictObject({ runId, path })
export const loopSummary = z.strictObject({
  /** Items of the list; null where it is not known before it ends. */
  total: z.number().nullable(),
  begun: z.number(),
  looks: z.partialRecord(iterationLook, z.number()),
  /** The first that failed or waits, at most 100, in order. */
  attention: z.array(z.string()),
  /** What a reader looks at first: what needs them, else what began last. */
  first: z.string().nullable(),
})

export const getStepInput = z.strictObject({ runId, path, attempt: z.number().int().min(1).optional() })
export const stepDetail = stepItem.extend({
  input: json,
  output: json,
  /** What came in over the wire: the output of the step before. */
  payloadsHidden: z.boolean(),
  /** The whole value where it is stored apart, cut to a preview here. */
  outputBytes: z.number().nullable(),
  logs: z.array(logLine),
  /** Set where a person gave the step its result. */
  given: z.strictObject({ by: person.nullable(), at: time, reason: z.string().nullable() }).nullable(),
  /** Runs that this step started, one for each try, oldest first. */
  children: z.array(relative),
  attempts: z.array(
    z.strictObject({
      attempt: z.number(),
      status: z.string(),
      startedAt: time,
      durationUs: z.number(),
      error: stepError.nullable(),
      retryAt: time.nullable(),
    }),
  ),
})

export const startRunInput = z.strictObject({
  workflowId,
  input: optionalJson,
  version: z.union([z.enum(['live', 'draft']), idOf('ver')]).default('live'),
  /** The trigger that starts; where absent, the manual one, then the first. */
  triggerNodeId: z.string().max(40).optional(),
  idempotencyKey: z.string().trim().min(1).max(255).optional(),
  waitSeconds: z.number().int().min(0).max(30).default(0),
})
export const startedRun = z.strictObject({
  runId: z.string(),
  status: runStatus,
  duplicate: z.boolean(),
  output: optionalJson,
  error: runError.nullable(),
})

const why = z.string().trim().max(500).optional()
export const cancelRunInput = z.strictObject({ runId, reason: why })
export const holdRunInput = z.strictObject({ runId, reason: why })
export const setOutputInput = z.strictObject({
  runId,
  path,
  /** What the step gives in place of what it would have given. */
  output: json,
  /** The way it leaves by; `main`, or its first, where absent. */
  port: z.string().min(1).max(120).optional(),
  reason: why,
})
/** The run that goes on: the same, or a new one where it had failed. */
export const setOutputResult = z.strictObject({ runId: z.string(), isNew: z.boolean() })
export const setVariablesInput = z.strictObject({
  runId,
  /** By name; null takes the run's own value away again. */
  variables: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,59}$/, 'A variable has letters, digits and _ in its name.'), json),
  reason: why,
})
export const runState = z.strictObject({ runId: z.string(), status: runStatus })

export const replayPlanInput = z.strictObject({ runId, fromPath: path.optional(), versionId: idOf('ver').optional() })
export const replayRunInput = z.strictObject({
  runId,
  fromPath: path.optional(),
  versionId: idOf('ver').optional(),
  /** The run's own where absent. */
  input: optionalJson,
  /** What comes into the step named, in place of what the step before gave. */
  stepInput: optionalJson,
})
const planStep = z.strictObject({ path: z.string(), nodeId: z.string(), nodeTitle: z.string(), nodeType: z.string() })
export const replayPlan = z.strictObject({
  versionId: z.string().nullable(),
  version: z.number().nullable(),
  fromPath: z.string().nullable(),
  /** At most 200, those inside containers after what stands outside. */
  reused: z.array(planStep),
  reusedTotal: z.number(),
  /** Nodes that run again or for the first time. */
  again: z.array(planStep),
  /** Of `again`, what touches the outside world: it reads, leaves what doing it once leaves, does something a second time, for the first, or again
   * what the other side refused each time. */
  effects: z.array(planStep.extend({ repeats: z.enum(['read', 'idempotent', 'unsafe', 'first', 'refused']) })),
})
export const replayedRun = z.strictObject({ runId: z.string() })

export const onRunChangeInput = z.strictObject({
  runId: runId.optional(),
  workflowId: workflowId.optional(),
  lastEventId: z.string().max(100).nullish(),
})
