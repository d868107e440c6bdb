import { z } from 'zod'
import { idOf, listOf, time } from '@/server/services/shapes'

/** Calls of one host with one credential that are held back because they failed in a row. */
export const circuitItem = z.strictObject({
  id: z.string(),
  host: z.string(),
  /** Null for calls without a credential. */
  credential: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
  /** `open`: held back; `probing`: one of them tries; `returning`: they work again and the runs go on, a few at a time. */
  state: z.enum(['open', 'probing', 'returning']),
  /** The credential was refused: nothing is tried before somebody changes it or asks for it. */
  refused: z.boolean(),
  failures: z.number(),
  /** What the last failure said. */
  message: z.string(),
  since: time,
  tryAt: time.nullable(),
  waitingRuns: z.number(),
  canRetry: z.boolean(),
})
export type CircuitItem = z.infer<typeof circuitItem>
export const circuitList = listOf(circuitItem)
export const circuitTarget = z.strictObject({ circuitId: idOf('circ') })
