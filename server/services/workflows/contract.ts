import { z } from 'zod'
import {
  description,
  idOf,
  json,
  name,
  optionalJson,
  pageInput,
  pageOf,
  person,
  problem,
  runStatus,
  storedGraph,
  time,
} from '@/server/services/shapes'
import type { GraphDiff } from '@/workflows/graph/diff'
import { tagRule, versionTag } from '@/workflows/graph/version-tag'
import { limits } from '@/workflows/limits'

const workflowId = idOf('wf')
const versionId = idOf('ver')
export const workflowTarget = z.strictObject({ workflowId })

export const listWorkflowsInput = z.strictObject({
  projectId: idOf('prj').optional(),
  search: z.string().trim().max(200).optional(),
  sort: z.enum(['updated', 'name', 'created']).default('updated'),
  ...pageInput,
})
export const workflowItem = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  projectId: z.string(),
  updatedAt: time,
  live: z.strictObject({ version: z.number(), versionId: z.string(), publishedAt: time }).nullable(),
  draft: z.strictObject({ revision: z.number(), changed: z.boolean(), problems: z.number() }),
  /** `manual`, `webhook`, `schedule`: kinds of the triggers in the live version, or in the draft where nothing is live. */
  triggers: z.array(z.string()),
  last24h: z.strictObject({
    runs: z.number(),
    failed: z.number(),
    /** Now; those that wait for their next try are `retrying`. */
    waiting: z.number(),
    retrying: z.number(),
    p95Ms: z.number().nullable(),
    /** Runs an hour, oldest first. */
    buckets: z.array(z.number()),
  }),
  /** `waitingFor` as in a run: `retry`, `approval` and so on. */
  lastRun: z.strictObject({ id: z.string(), status: runStatus, waitingFor: z.string().nullable(), createdAt: time }).nullable(),
})
export type WorkflowItem = z.infer<typeof workflowItem>
export const workflowPage = pageOf(workflowItem)

export const workflowDetail = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  projectId: z.string(),
  keepDays: z.number(),
  createdAt: time,
  updatedAt: time,
  live: z.strictObject({ versionId: z.string(), version: z.number(), publishedAt: time, note: z.string() }).nullable(),
  latestVersion: z.strictObject({ versionId: z.string(), version: z.number() }).nullable(),
  draft: z.strictObject({ graph: storedGraph, revision: z.number(), changed: z.boolean() }),
  schedules: z.number(),
  webhooks: z.array(
    z.strictObject({
      nodeId: z.string(),
      url: z.string().nullable(),
      endpointId: z.string(),
      active: z.boolean(),
      captureUntil: time.nullable(),
    }),
  ),
  /** Node types that this instance cannot run, and why. */
  unavailable: z.array(z.strictObject({ type: z.string(), reason: z.string() })),
  /** What the viewer may do here. */
  permissions: z.array(z.string()),
})

export const createWorkflowInput = z.strictObject({
  name,
  projectId: idOf('prj').optional(),
  description: description.default(''),
  graph: optionalJson,
})
export const workflowCreated = z.strictObject({ id: z.string(), workflowId: z.string() })
export const updateWorkflowInput = z.strictObject({
  workflowId,
  name: name.optional(),
  description: description.optional(),
  keepDays: z.number().int().min(1).max(3650).optional(),
  projectId: idOf('prj').optional(),
})
export const duplicateWorkflowInput = z.strictObject({ workflowId, name: name.optional(), projectId: idOf('prj').optional() })
export const exportWorkflowInput = z.strictObject({ workflowId, versionId: versionId.optional() })

/** What a workflow will need, shown before it is imported. */
export const wants = z.strictObject({
  nodes: z.array(z.strictObject({ type: z.string(), title: z.string(), count: z.number() })),
  /** `(from data)` where an expression decides. */
  hosts: z.array(z.string()),
  credentials: z.array(z.strictObject({ type: z.string(), name: z.string(), nodeTitles: z.array(z.string()) })),
  schedules: z.array(z.string()),
  code: z.array(z.string()),
  models: z.array(z.string()),
})

/** The same words as `documentSchema` reads. */
export const workflowDocument = z.strictObject({
  millrace: z.literal(1),
  name: z.string(),
  description: z.string(),
  graph: storedGraph,
  credentials: z.record(z.string(), z.strictObject({ type: z.string(), name: z.string() })),
})
export const importWorkflowInput = z.strictObject({ document: json, projectId: idOf('prj').optional(), name: name.optional() })
export const importedWorkflow = z.strictObject({ workflowId: z.string(), name: z.string(), wants })

export const publishWorkflowInput = z.strictObject({
  workflowId,
  /** The draft's revision that the person saw; another one is a conflict. */
  revision: z.number().int().min(0).optional(),
  note: z.string().trim().max(2000).default(''),
})
export const published = z.strictObject({ versionId: z.string(), number: z.number(), unchanged: z.boolean(), warnings: z.array(problem) })

export const listVersionsInput = z.strictObject({ workflowId, ...pageInput })
const versionItem = z.strictObject({
  id: z.string(),
  number: z.number(),
  note: z.string(),
  publishedBy: person.nullable(),
  createdAt: time,
  tags: z.array(z.string()),
  /** Of the last 30 days; `live` are those not finished yet. Where the workflow had more, only its `newest` so many are counted. */
  runs: z.strictObject({ total: z.number(), live: z.number(), newest: z.number().nullable() }),
})
export const versionPage = pageOf(versionItem)
export const versionTarget = z.strictObject({ versionId })
export const versionDetail = versionItem.extend({ workflowId: z.string(), graph: storedGraph })

export const versionOrDraft = z.union([z.literal('draft'), versionId])
export const compareWorkflowInput = z.strictObject({ workflowId, from: versionOrDraft, to: versionOrDraft })
export const graphDiff = z.unknown() as unknown as z.ZodType<GraphDiff, GraphDiff>
const tagName = z.string().trim().toLowerCase().regex(versionTag, tagRule)
export const tagVersionInput = z.strictObject({ workflowId, versionId, name: tagName.default('live') })
export const untagVersionInput = z.strictObject({ workflowId, tag: tagName })
export const restoreDraftInput = z.strictObject({ workflowId, versionId })
export const draftRevision = z.strictObject({ revision: z.number() })
export const problemList = z.strictObject({ problems: z.array(problem) })

export const listCalleesInput = z.strictObject({
  calls: z
    .array(z.strictObject({ workflowId, version: z.union([z.string().min(1).max(60), z.number().int().min(1)]) }))
    .max(limits.callees),
})
export const calleeList = z.strictObject({
  items: z.array(
    z.strictObject({
      workflowId: z.string(),
      version: z.union([z.string(), z.number()]),
      name: z.string(),
      /** JSON Schema of the input that it takes; null where it takes any. */
      schema: json,
    }),
  ),
})
