import { z } from 'zod'
import { limits } from '../../limits'
import { edgeSchema, graphSchema, type Json, nodeIdSchema, nodeKeySchema, nodeSchema, type Problem } from '../schema'
import { workflowSettingNames } from '../workflow-settings'

const title = z.string().trim().min(1, 'A title needs at least one character.').max(limits.nameLength)
const point = z.strictObject({ x: z.number(), y: z.number() })
const size = z.strictObject({ width: z.number().positive(), height: z.number().positive() })
const index = z.number().int().min(0)
const path = z
  .array(z.union([z.string().max(limits.nameLength), index]))
  .min(1)
  .max(limits.expressionDepth)
const ids = z.array(nodeIdSchema).min(1).max(limits.graphNodes)

/**
 * Set on an undo: a part whose present value is not `before` any more was changed by somebody since, and is left as it is.
 */
const guarded = z.boolean().optional()

const valueChange = {
  nodeId: nodeIdSchema,
  /** Into the node's params or settings. */
  path,
  /** What the sender saw there; absent where nothing stood. */
  before: z.json().optional(),
  /** Absent takes the value away; in a list an absent `before` inserts at the index. */
  after: z.json().optional(),
  guarded,
}

const operationSchemas = [
  z.strictObject({ kind: z.literal('addNode'), node: nodeSchema, index: index.optional() }),
  z.strictObject({
    kind: z.literal('removeNodes'),
    nodeIds: ids,
    /** Only with `guarded`: the nodes as the sender left them and the edges that were theirs. */
    expect: z.strictObject({ nodes: z.array(nodeSchema), edgeIds: z.array(nodeIdSchema) }).optional(),
    guarded,
  }),
  z.strictObject({
    kind: z.literal('moveNodes'),
    moves: z
      .array(z.strictObject({ nodeId: nodeIdSchema, before: point, after: point }))
      .min(1)
      .max(limits.graphNodes),
    guarded,
  }),
  z.strictObject({
    kind: z.literal('resizeNode'),
    nodeId: nodeIdSchema,
    before: z.strictObject({ position: point, size: size.optional() }),
    after: z.strictObject({ position: point, size: size.optional() }),
    guarded,
  }),
  z.strictObject({
    kind: z.literal('renameNode'),
    nodeId: nodeIdSchema,
    title: z.strictObject({ before: z.string().max(limits.nameLength), after: title }).optional(),
    key: z.strictObject({ before: z.string().max(limits.nameLength), after: nodeKeySchema }).optional(),
    guarded,
  }),
  z.strictObject({ kind: z.literal('setParam'), ...valueChange }),
  z.strictObject({ kind: z.literal('setSetting'), ...valueChange }),
  z.strictObject({
    kind: z.literal('setWorkflowSetting'),
    name: z.enum(workflowSettingNames),
    before: z.json().optional(),
    /** Absent takes the setting away. */
    after: z.json().optional(),
    guarded,
  }),
  z.strictObject({ kind: z.literal('setDisabled'), nodeIds: ids, disabled: z.boolean() }),
  z.strictObject({ kind: z.literal('setCollapsed'), nodeIds: ids, collapsed: z.boolean() }),
  z.strictObject({ kind: z.literal('setLocked'), nodeIds: ids, locked: z.boolean() }),
  z.strictObject({ kind: z.literal('connect'), edge: edgeSchema, index: index.optional() }),
  z.strictObject({ kind: z.literal('disconnect'), edgeIds: z.array(nodeIdSchema).min(1).max(limits.graphEdges) }),
  z.strictObject({
    kind: z.literal('insertOnEdge'),
    edgeId: nodeIdSchema,
    node: nodeSchema,
    /** The edge into the new node; its `from` must be where the old edge started. */
    into: edgeSchema,
    /** The edge out of the new node; its `to` must be where the old edge ended. */
    out: edgeSchema,
  }),
  z.strictObject({
    kind: z.literal('paste'),
    nodes: z.array(nodeSchema).min(1).max(limits.graphNodes),
    edges: z.array(edgeSchema).max(limits.graphEdges).default([]),
  }),
  z.strictObject({
    kind: z.literal('setParent'),
    nodeId: nodeIdSchema,
    before: nodeIdSchema.nullable(),
    after: nodeIdSchema.nullable(),
    guarded,
  }),
  z.strictObject({
    kind: z.literal('setGroup'),
    nodeId: nodeIdSchema,
    before: nodeIdSchema.nullable(),
    after: nodeIdSchema.nullable(),
    guarded,
  }),
  /** Brings back what an undo needs, each at its old place. */
  z.strictObject({
    kind: z.literal('restore'),
    nodes: z.array(z.strictObject({ index, node: nodeSchema })).max(limits.graphNodes),
    edges: z.array(z.strictObject({ index, edge: edgeSchema })).max(limits.graphEdges),
  }),
  z.strictObject({ kind: z.literal('replaceGraph'), before: graphSchema, after: graphSchema, guarded }),
] as const

export type SingleOperation = z.infer<(typeof operationSchemas)[number]>
export interface BatchOperation {
  kind: 'batch'
  label?: string | undefined
  partial?: boolean | undefined
  operations: Operation[]
}
export type Operation = SingleOperation | BatchOperation
export type OperationOf<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>

/** Batches inside batches; undo makes two of them at most. */
const batchDepth = 6

/** Several operations as one step of undo. `partial` applies what can be applied; otherwise it is all or nothing. */
function withBatch(inner: z.ZodType<Operation>): z.ZodType<Operation> {
  const batch = z.strictObject({
    kind: z.literal('batch'),
    // Names two nodes and what was done to them.
    label: z
      .string()
      .max(3 * limits.nameLength)
      .optional(),
    partial: z.boolean().optional(),
    operations: z.array(inner).min(1).max(limits.graphNodes),
  })
  return z.discriminatedUnion('kind', [...operationSchemas, batch])
}

/** Every edit of a draft. Ids of what it makes are inside it, so that applying it again later never changes them. */
export const operationSchema: z.ZodType<Operation> = Array.from({ length: batchDepth }).reduce<z.ZodType<Operation>>(
  (inner) => withBatch(inner),
  z.discriminatedUnion('kind', operationSchemas),
)

/** A field that somebody else had changed in the meantime: the later value stands, the earlier person is told and keeps the text. */
export interface Overwrite {
  nodeId: string
  /** JSON Pointer into the node. */
  pointer: string
  expected: Json | undefined
  found: Json | undefined
}

export type OperationResult<T> = { ok: true; value: T; overwrote?: Overwrite[]; skipped?: Problem[] } | { ok: false; problem: Problem }
