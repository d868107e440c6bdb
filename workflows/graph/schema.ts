import { z } from 'zod'
import { limits } from '../limits'
import { workflowSettingsSchema } from './workflow-settings'

/** Keys that would reach a prototype; refused wherever people choose names. */
export const forbiddenKeys = ['__proto__', 'constructor', 'prototype'] as const

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Permanent; made by the client, 8 to 40 characters that may stand in an expression. */
export const nodeIdSchema = z.string().regex(/^[A-Za-z0-9_]{1,40}$/)
/** A node's readable name in expressions: `steps.fetch_customer`. */
export const nodeKeySchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,59}$/, 'A key starts with a letter and has lower-case letters, digits and _ only.')
  .refine((key) => !forbiddenKeys.includes(key as never), 'This key is reserved.')

/** `any` stands for all of them. */
export const retryClasses = [
  'transient',
  'rate_limited',
  'timeout',
  'unauthorized',
  'not_found',
  'bad_data',
  'business',
  'internal',
  'any',
] as const

export const retrySchema = z.strictObject({
  /** All tries together, the first included. */
  attempts: z.number().int().min(1).max(20).default(3),
  backoff: z.enum(['fixed', 'exponential']).default('exponential'),
  /** Milliseconds before the second try. */
  delayMs: z.number().int().min(0).max(86_400_000).default(1_000),
  maxDelayMs: z.number().int().min(0).max(86_400_000).default(60_000),
  /** Share of the delay that is random, 0 to 1. */
  jitter: z.number().min(0).max(1).default(0.2),
  /** Classes of errors that are worth another try. What was cancelled or is over its budget never is. */
  on: z.array(z.enum(retryClasses)).default(['transient', 'rate_limited', 'timeout']),
})

export const eachSchema = z.strictObject({
  /** An expression that gives the list; inside the node `input` and `item` are the item, `index` its place. */
  items: z.string().min(1).max(limits.expressionSource),
  /** Items under way at once. */
  concurrency: z.number().int().min(1).max(limits.itemsAtOnce).default(1),
  /** `fail` ends the step with the first failure, `skip` leaves failed items out, `collect` gives `{ results, errors }`. */
  onItemError: z.enum(['fail', 'skip', 'collect']).default('fail'),
})

export const cacheSchema = z.strictObject({
  /** Text with expressions; empty: the node's own parameters and what came in. */
  key: z.string().max(limits.expressionSource).default(''),
  /** Milliseconds after which it is done anew. */
  forMs: z.number().int().min(1_000).max(limits.runWaitMs),
})

export const nodeSettingsSchema = z.strictObject({
  retry: retrySchema.optional(),
  /** Milliseconds one attempt may take. */
  timeoutMs: z.number().int().min(100).max(600_000).optional(),
  /** `fail` ends the run, `continue` goes on with the error as output, `port` leaves through the node's `error` port. */
  onError: z.enum(['fail', 'continue', 'port']).default('fail'),
  atMostOnce: z.boolean().default(false),
  disabled: z.boolean().default(false),
  /** Runs the node for every item of a list; its retry is each item's own. */
  each: eachSchema.optional(),
  /** An expression; where it gives nothing, false, zero or an empty text, the node passes its input on as if it were disabled. */
  runIf: z.string().min(1).max(limits.expressionSource).optional(),
  /** A result with the same key is taken over from an earlier run of the workflow. */
  cache: cacheSchema.optional(),
  /** What it and the steps after it take and give is not kept once the run has ended. */
  sensitive: z.boolean().optional(),
  note: z.string().max(limits.descriptionLength).default(''),
})

export const nodeSchema = z.strictObject({
  id: nodeIdSchema,
  key: nodeKeySchema,
  title: z.string().trim().min(1).max(limits.nameLength),
  type: z.string().max(80),
  version: z.number().int().min(1),
  /** Texts may hold `{{ expressions }}`; inside them steps are named by node id: `steps.$k3f9a2x1.body`. */
  params: z.record(z.string(), z.json()).default({}),
  settings: nodeSettingsSchema.default({ onError: 'fail', atMostOnce: false, disabled: false, note: '' }),
  position: z.strictObject({ x: z.number(), y: z.number() }),
  /** Only for what can be resized: sticky notes, groups. */
  size: z.strictObject({ width: z.number().positive(), height: z.number().positive() }).optional(),
  /** The container that holds this node. */
  parent: nodeIdSchema.optional(),
  /** The group it is drawn in, which changes nothing about a run; one that is not there means none. */
  group: nodeIdSchema.optional(),
  /** Cannot be moved, edited or removed until it is unlocked; absent where it is not. Changes nothing about a run. */
  locked: z.literal(true).optional(),
  /** A container drawn as a card that says how much it holds; absent where it is open. */
  collapsed: z.literal(true).optional(),
})

export const edgeSchema = z.strictObject({
  id: nodeIdSchema,
  from: nodeIdSchema,
  fromPort: z.string().max(limits.nameLength).default('main'),
  to: nodeIdSchema,
  /** `main`, or `tools` when `from` is a tool of the agent `to`. */
  toPort: z.string().max(limits.nameLength).default('main'),
})

export const graphSchema = z.strictObject({
  schema: z.literal(1),
  nodes: z.array(nodeSchema).max(limits.graphNodes),
  edges: z.array(edgeSchema).max(limits.graphEdges),
  settings: workflowSettingsSchema.optional(),
})

export type Retry = z.infer<typeof retrySchema>
export type NodeSettings = z.infer<typeof nodeSettingsSchema>
export type GraphNode = z.infer<typeof nodeSchema>
export type GraphEdge = z.infer<typeof edgeSchema>
export type Graph = z.infer<typeof graphSchema>

export const emptyGraph: Graph = { schema: 1, nodes: [], edges: [] }

/** One thing that is wrong with a graph: stops a publish, never a save. */
export interface Problem {
  /** Stable, e.g. `edge.cycle`, `param.required`, `expression.unknown_step`. */
  code: string
  severity: 'error' | 'warning'
  nodeId?: string
  edgeId?: string
  /** JSON Pointer into the node, e.g. `/params/url`. */
  pointer?: string
  /** One sentence for an analyst that says what to do. */
  message: string
  /** What the text at `pointer` would better say: these words, which begin there, in other words. */
  instead?: { at: number; was: string; words: string }
}

export type Result<T, E = Problem> = { ok: true; value: T } | { ok: false; problem: E }
