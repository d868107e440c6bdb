import { z } from 'zod'
import { idOf, json, name, storedGraph, time } from '@/server/services/shapes'
import { wants } from '@/server/services/workflows/contract'

export const templateItem = z.strictObject({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  summary: z.string(),
  category: z.string(),
  version: z.number(),
  imports: z.number(),
  nodes: z.number(),
  /** For the small picture. */
  graph: storedGraph,
  updatedAt: time,
})
export const listTemplatesInput = z.strictObject({ category: z.string().max(80).optional(), search: z.string().trim().max(200).optional() })
export const templateList = z.strictObject({
  items: z.array(templateItem),
  categories: z.array(z.strictObject({ name: z.string(), count: z.number() })),
})
export const templateTarget = z.strictObject({ slug: z.string().min(1).max(120) })
/** A text parameter people should look at before the first run, with its present value. */
export const blank = z.strictObject({
  key: z.string(),
  nodeId: z.string(),
  nodeTitle: z.string(),
  pointer: z.string(),
  label: z.string(),
  value: z.string(),
  help: z.string().nullable(),
})
export const templateDetail = templateItem.extend({ description: z.string(), wants, sampleInput: json, blanks: z.array(blank) })
export const importTemplateInput = z.strictObject({
  slug: z.string().min(1).max(120),
  projectId: idOf('prj').optional(),
  name: name.optional(),
  /** By the key of a blank. */
  values: z.record(z.string().max(120), z.string().max(8000)).optional(),
})
export const importedTemplate = z.strictObject({ workflowId: z.string() })
