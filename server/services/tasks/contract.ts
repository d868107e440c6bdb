import { z } from 'zod'
import { idOf, json, optionalJson, pageInput, pageOf, person, time } from '@/server/services/shapes'

const taskId = idOf('task')
export const taskTarget = z.strictObject({ taskId })
const state = z.enum(['open', 'approved', 'declined', 'expired', 'cancelled'])
export const listTasksInput = z.strictObject({
  state: z.enum(['open', 'approved', 'declined', 'expired', 'cancelled', 'closed']).optional(),
  /** Only those assigned to me, or to nobody. */
  mine: z.boolean().default(false),
  projectId: idOf('prj').optional(),
  ...pageInput,
})
export const taskItem = z.strictObject({
  id: z.string(),
  runId: z.string(),
  path: z.string(),
  workflow: z.strictObject({ id: z.string(), name: z.string() }),
  projectId: z.string(),
  kind: z.string(),
  title: z.string(),
  /** Markdown, to be shown as inert text. */
  description: z.string(),
  facts: z.array(z.strictObject({ label: z.string(), value: json })),
  /** Empty: whoever may decide tasks. */
  assignees: z.array(person),
  state,
  dueAt: time.nullable(),
  createdAt: time,
  decidedAt: time.nullable(),
  decidedBy: person.nullable(),
  comment: z.string().nullable(),
  /** Approvals that it takes. */
  needed: z.number(),
  /** JSON Schema of what whoever approves fills in. */
  form: json.nullable(),
  /** What people said so far, where it takes several. */
  votes: z.array(z.strictObject({ by: person, decision: z.enum(['approved', 'declined']), comment: z.string(), at: time })),
  /** How often somebody was reminded, and since when others are asked too. */
  reminders: z.number(),
  remindedAt: time.nullable(),
  escalatedAt: time.nullable(),
  canDecide: z.boolean(),
})
export type TaskItem = z.infer<typeof taskItem>
export const taskPage = pageOf(taskItem)
export const taskDetail = taskItem.extend({ runStatus: z.string() })
export const decideTaskInput = z.strictObject({
  taskId,
  decision: z.enum(['approved', 'declined']),
  comment: z.string().trim().max(4000).optional(),
  /** What the task's form asks for. */
  values: optionalJson,
})
/** `open` while it takes more approvals. */
export const decidedTask = z.strictObject({ taskId: z.string(), state, runId: z.string() })
