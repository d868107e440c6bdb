import { z } from 'zod'
import { idOf, json, listOf, optionalJson, pageInput, pageOf, person, time } from '@/server/services/shapes'

const deadLetterId = idOf('dl')
export const deadLetterTarget = z.strictObject({ deadLetterId })
const state = z.enum(['open', 'retried', 'resolved', 'discarded'])
/** Words of what went wrong, of where, of the reason, or of what the run was started with; an id of the letter or its run. */
const search = z.string().trim().max(200).optional()
export const listDeadLettersInput = z.strictObject({
  state: state.optional(),
  workflowId: idOf('wf').optional(),
  projectId: idOf('prj').optional(),
  signature: z.string().max(200).optional(),
  /** Only those that the caller is named for. */
  mine: z.boolean().optional(),
  search,
  ...pageInput,
})
export const deadLetterItem = z.strictObject({
  id: z.string(),
  runId: z.string(),
  workflow: z.strictObject({ id: z.string(), name: z.string() }),
  projectId: z.string(),
  signature: z.string(),
  class: z.string(),
  state,
  failedPath: z.string(),
  nodeTitle: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
  /** What its run was started with, in a line; null where that says nothing, is large or is not the caller's to see. */
  brief: z.string().nullable(),
  /** How often the step was tried. */
  attempts: z.number(),
  openedAt: time,
  owner: person.nullable(),
  /** The run that was started to repair it, with its status. */
  retryRun: z.strictObject({ id: z.string(), status: z.string() }).nullable(),
  closedAt: time.nullable(),
  closedBy: person.nullable(),
  reason: z.string().nullable(),
})
export type DeadLetterItem = z.infer<typeof deadLetterItem>
export const deadLetterPage = pageOf(deadLetterItem)
export const deadLetterDetail = deadLetterItem.extend({
  version: z.number().nullable(),
  versionId: z.string().nullable(),
  /** Newer than the run's, where there is one: resolving may use it. */
  liveVersion: z.strictObject({ id: z.string(), number: z.number() }).nullable(),
  input: json,
  failedInput: json,
  payloadsHidden: z.boolean(),
})
export const deadLetterGroups = listOf(
  z.strictObject({
    signature: z.string(),
    message: z.string(),
    hint: z.string().nullable(),
    class: z.string(),
    nodeTitle: z.string(),
    workflow: z.strictObject({ id: z.string(), name: z.string() }),
    count: z.number(),
    /** Of these, how many the caller is named for. */
    mine: z.number(),
    firstAt: time,
    lastAt: time,
    sampleId: z.string(),
  }),
)
export const listGroupsInput = z.strictObject({
  workflowId: idOf('wf').optional(),
  projectId: idOf('prj').optional(),
  /** Only those that the caller is named for. */
  mine: z.boolean().optional(),
  search,
})
export const countLettersInput = z.strictObject({ workflowId: idOf('wf').optional(), projectId: idOf('prj').optional(), search })
/** `more` where there are more than were counted. */
const letterCount = z.strictObject({ count: z.number(), more: z.boolean() })
export const letterCounts = z.strictObject({ open: letterCount, retried: letterCount, resolved: letterCount, discarded: letterCount })
export const resolveDeadLetterInput = z.strictObject({
  deadLetterId,
  /** Where to start; the failed step where absent. */
  fromPath: z.string().max(400).optional(),
  input: optionalJson,
  versionId: idOf('ver').optional(),
})
export const resolvedDeadLetter = z.strictObject({ runId: z.string() })
export const resolveManyInput = z.strictObject({
  signature: z.string().max(200).optional(),
  ids: z.array(deadLetterId).min(1).max(200).optional(),
  versionId: idOf('ver').optional(),
})
export const resolvedMany = z.strictObject({
  resolved: z.array(z.strictObject({ deadLetterId: z.string(), runId: z.string() })),
  refused: z.array(z.strictObject({ deadLetterId: z.string(), message: z.string() })),
  /** More are open with this signature: ask again. */
  remaining: z.number(),
})
const reason = z.string().trim().min(1, 'Say why, for whoever reads it later.').max(1000)
export const discardDeadLetterInput = z.strictObject({ deadLetterId, reason })
