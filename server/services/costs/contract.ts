import { z } from 'zod'
import { idOf, timeInput } from '@/server/services/shapes'

export const costSummaryInput = z.strictObject({
  from: timeInput,
  to: timeInput,
  by: z.enum(['day', 'workflow', 'model']).default('day'),
  workflowId: idOf('wf').optional(),
})
const amounts = {
  costMicros: z.number(),
  runs: z.number(),
  failed: z.number(),
  steps: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
}
export const costSummary = z.strictObject({
  currency: z.string(),
  totals: z.strictObject(amounts),
  /** The span before of the same length. */
  before: z.strictObject(amounts),
  /** `key` is a day (2026-11-21, in the organization's time zone), a workflow's id or a model; oldest day first, else dearest first. */
  rows: z.array(z.strictObject({ key: z.string(), label: z.string(), currency: z.string(), ...amounts })),
})
export type CostSummary = z.infer<typeof costSummary>
