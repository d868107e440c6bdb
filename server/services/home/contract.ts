import { z } from 'zod'
import { runItem } from '@/server/services/runs/contract'
import { idOf, time } from '@/server/services/shapes'
import { workflowItem } from '@/server/services/workflows/contract'

export const homeInput = z.strictObject({ projectId: idOf('prj').optional() })
export const homeOverview = z.strictObject({
  /** What a person should look at, most pressing first. */
  attention: z.array(
    z.strictObject({
      kind: z.enum(['dead_letters', 'retrying', 'task', 'schedule_paused', 'schedule_missed', 'credential_empty', 'circuit_open']),
      /** Of the thing; for dead letters the sample's id, for runs that try again their workflow's. */
      id: z.string(),
      title: z.string(),
      detail: z.string(),
      count: z.number(),
      at: time,
      workflow: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
      signature: z.string().nullable(),
      /** The caller is named to be told of it. */
      mine: z.boolean(),
    }),
  ),
  runningNow: z.array(runItem),
  latestRuns: z.array(runItem),
  workflows: z.array(workflowItem),
  runs24h: z.strictObject({
    total: z.number(),
    failed: z.number(),
    succeeded: z.number(),
    buckets: z.array(z.strictObject({ at: time, succeeded: z.number(), failed: z.number() })),
  }),
  cost: z.strictObject({
    currency: z.string(),
    todayMicros: z.number(),
    monthMicros: z.number(),
    days: z.array(z.strictObject({ day: z.string(), costMicros: z.number() })),
  }),
  next: z.array(
    z.strictObject({
      scheduleId: z.string(),
      name: z.string(),
      workflow: z.strictObject({ id: z.string(), name: z.string() }),
      at: time,
      words: z.string(),
    }),
  ),
  counts: z.strictObject({
    workflows: z.number(),
    openDeadLetters: z.number(),
    openTasks: z.number(),
    runningRuns: z.number(),
    waitingRuns: z.number(),
  }),
})
