import { z } from 'zod'
import { limits } from '../limits'

const days = z.number().int().min(1).max(3650)

/** What holds for every run of a version: kept with its graph, so that a new version may say something else. */
export const workflowSettingsSchema = z.strictObject({
  /** JSON Schema of the input; whoever starts a run hears at once where theirs does not fit. */
  input: z.json().optional(),
  /** JSON Schema of the output: a run whose output does not fit fails. */
  output: z.json().optional(),
  concurrency: z
    .strictObject({
      /** Runs at once, for each key. */
      limit: z.number().int().min(1).max(10_000),
      whenFull: z.enum(['queue', 'skip', 'cancel_older', 'refuse']).default('queue'),
      /** Text with expressions over the input: runs of one key count together. */
      key: z.string().max(limits.expressionSource).default(''),
    })
    .optional(),
  /** So many starts in any stretch of that length. */
  rate: z
    .strictObject({
      runs: z.number().int().min(1).max(1_000),
      everyMs: z.number().int().min(1_000).max(limits.runWaitMs),
      whenFull: z.enum(['queue', 'skip', 'refuse']).default('queue'),
      /** Text with expressions over the input: starts of one key count together. */
      key: z.string().max(limits.expressionSource).default(''),
    })
    .optional(),
  /** 1 goes first, 9 last, 5 where nothing is said. */
  priority: z.number().int().min(1).max(9).optional(),
  /** Milliseconds from its first step to its end. */
  maxDurationMs: z.number().int().min(1_000).max(limits.runWaitMs).optional(),
  /** The workflow that is told when a run fails. */
  errorWorkflow: z
    .string()
    .regex(/^wf_[0-9a-f]{32}$/, 'Choose a workflow from the list.')
    .optional(),
  /** The person who is told of failures. */
  owner: z
    .string()
    .regex(/^usr_[0-9a-f]{32}$/, 'Choose a person from the list.')
    .optional(),
  keepSucceededDays: days.optional(),
  keepFailedDays: days.optional(),
  /** `failures`: what the steps of a successful run took and gave is not kept. */
  record: z.enum(['all', 'failures']).optional(),
})
export type WorkflowSettings = z.infer<typeof workflowSettingsSchema>
export type WorkflowSettingName = keyof WorkflowSettings
export const workflowSettingNames = Object.keys(workflowSettingsSchema.shape) as WorkflowSettingName[]
