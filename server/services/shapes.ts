import { z } from 'zod'
import type { IdPrefix } from '@/db/ids'
import type { Graph, Json } from '@/workflows/graph/schema'
import { limits } from '@/workflows/limits'
import { logLevels } from '@/workflows/nodes/log-line'

/** An id as the outside sees it, `run_<32 hex>`. */
export function idOf(prefix: IdPrefix) {
  return z.string().regex(new RegExp(`^${prefix}_[0-9a-f]{32}$`), `This is not an id of the kind ${prefix}_….`)
}

/** Any JSON; its bounds are checked where its bytes are read. */
export const json = z.unknown().refine((value) => value !== undefined, 'This is missing.') as unknown as z.ZodType<Json, Json>
/** Any JSON that may be left out. */
export const optionalJson = z.unknown().optional() as unknown as z.ZodOptional<z.ZodType<Json, Json>>
/** A graph that was checked when it was stored. */
export const storedGraph = z.unknown().meta({ description: 'A graph: { schema: 1, nodes, edges }.' }) as unknown as z.ZodType<Graph, Graph>

/** A time: a Date inside, ISO 8601 outside. */
export const time = z.date().meta({ override: { type: 'string', format: 'date-time' } })
/** A Date from the screens, ISO 8601 text from REST. */
export const timeInput = z
  .preprocess(
    (value) => (typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? new Date(value) : value),
    z.date('This is not a time such as 2026-11-21T08:00:00Z.'),
  )
  .meta({ override: { type: 'string', format: 'date-time' } }) as unknown as z.ZodType<Date, Date | string>

/** What a step wrote. */
export const logLine = z.strictObject({
  at: time.nullable().meta({ description: 'When it was written; null for steps that ran before that was kept.' }),
  level: z.enum(logLevels),
  text: z.string(),
})

export const name = z.string().trim().min(1, 'A name needs at least one character.').max(limits.nameLength)
export const description = z.string().trim().max(limits.descriptionLength)
export const nodeId = z.string().min(1).max(40)

export const pageInput = {
  cursor: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(100).default(50),
}
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() })
}
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item) })
}

export const done = z.strictObject({ ok: z.literal(true) })
export const person = z.strictObject({ id: z.string(), name: z.string() })

export const problem = z.strictObject({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  nodeId: z.string().optional(),
  edgeId: z.string().optional(),
  pointer: z.string().optional(),
  message: z.string(),
})

export const stepError = z.strictObject({
  class: z.string(),
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  pointer: z.string().optional(),
  details: optionalJson,
  retryAfterMs: z.number().optional(),
})
export const runStatus = z.enum(['accepted', 'running', 'waiting', 'succeeded', 'failed', 'cancelled'])
export const role = z.enum(['owner', 'admin', 'builder', 'operator', 'viewer'])
