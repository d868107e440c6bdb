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
/** What people should look at before the first run, with its present value. */
export const blank = z.strictObject({
  key: z.string(),
  nodeId: z.string(),
  nodeTitle: z.string(),
  pointer: z.string(),
  /** `text` and `model` take a text, `credential` an id, `people` ids, `schedule` a rule and its time zone. */
  kind: z.enum(['text', 'credential', 'model', 'people', 'schedule']),
  label: z.string(),
  value: z.union([z.string(), z.array(z.string())]).nullable(),
  help: z.string().nullable(),
  /** Of a credential: the types that fit. */
  credentialTypes: z.array(z.string()),
  /** The key of another blank: only worth asking once that one was changed. */
  after: z.string().nullable(),
})
export const scheduleValue = z.strictObject({
  cron: z.string().trim().min(1).max(200),
  timeZone: z.string().trim().min(1).max(80),
  bothDayFields: z.enum(['either']).optional(),
})
export const blankValue = z.union([z.string().max(8000), z.array(z.string().max(80)).max(50), scheduleValue])
export const templateDetail = templateItem.extend({ description: z.string(), wants, sampleInput: json, blanks: z.array(blank) })
export const importTemplateInput = z.strictObject({
  slug: z.string().min(1).max(120),
  projectId: idOf('prj').optional(),
  name: name.optional(),
  /** By the key of a blank. */
  values: z.record(z.string().max(120), blankValue).optional(),
  /** What steps and notes are called in the language of whoever imports, by what the template calls them. */
  words: z
    .record(z.string().max(2000), z.string().trim().min(1).max(2000))
    .refine((words) => Object.keys(words).length <= 500)
    .optional(),
})
export const importedTemplate = z.strictObject({ workflowId: z.string() })
