import { z } from 'zod'
import { idOf, json, listOf, name, optionalJson, pageInput, pageOf, time, timeInput } from '@/server/services/shapes'

const scheduleId = idOf('sch')
export const scheduleTarget = z.strictObject({ scheduleId })
export const fire = z.strictObject({
  nominalAt: time,
  firedAt: time.nullable(),
  outcome: z.enum(['ran', 'late', 'missed', 'skipped', 'superseded', 'paused']),
  reason: z.string().nullable(),
  runId: z.string().nullable(),
  /** Status of that run now. */
  runStatus: z.string().nullable(),
})
export const scheduleItem = z.strictObject({
  id: z.string(),
  name: z.string(),
  workflow: z.strictObject({ id: z.string(), name: z.string(), live: z.boolean() }),
  projectId: z.string(),
  nodeId: z.string().nullable(),
  cron: z.string(),
  words: z.string(),
  timeZone: z.string(),
  input: json,
  paused: z.boolean(),
  pauseReason: z.string().nullable(),
  overlap: z.enum(['skip', 'start']),
  catchUpSeconds: z.number(),
  next: z.array(time),
  /** Newest first, at most 10. */
  lastFires: z.array(fire),
  createdAt: time,
  updatedAt: time,
})
export type ScheduleItem = z.infer<typeof scheduleItem>
/** What `words` are written in, such as `de`; English where it is not said or not known. */
const language = z.string().trim().max(35).optional()
export const listSchedulesInput = z.strictObject({
  workflowId: idOf('wf').optional(),
  projectId: idOf('prj').optional(),
  search: z.string().trim().max(200).optional(),
  language,
  ...pageInput,
})
export const schedulePage = pageOf(scheduleItem)

const cron = z.string().trim().min(1).max(200)
const timeZone = z.string().trim().min(1).max(80)
/** Both day fields set: `either` fires when one of them matches, as cron does. Left out, the answer asks. */
const bothDayFields = z.enum(['either']).optional()
const overlap = z.enum(['skip', 'start'])
const catchUpSeconds = z.number().int().min(60).max(86_400)
export const createScheduleInput = z.strictObject({
  workflowId: idOf('wf'),
  name,
  cron,
  timeZone,
  input: optionalJson,
  overlap: overlap.default('skip'),
  nodeId: z.string().max(40).optional(),
  catchUpSeconds: catchUpSeconds.default(3600),
  bothDayFields,
})
export const updateScheduleInput = z.strictObject({
  scheduleId,
  name: name.optional(),
  cron: cron.optional(),
  timeZone: timeZone.optional(),
  input: optionalJson,
  overlap: overlap.optional(),
  nodeId: z.string().max(40).nullable().optional(),
  catchUpSeconds: catchUpSeconds.optional(),
  bothDayFields,
})
export const pauseScheduleInput = z.strictObject({ scheduleId, reason: z.string().trim().max(500).optional() })
export const previewScheduleInput = z.strictObject({ cron, timeZone, language })
export const schedulePreview = z.strictObject({
  words: z.string(),
  next: z.array(time),
  warnings: z.array(z.string()),
  asksBothDayFields: z.boolean(),
})
export const ledgerInput = z.strictObject({ scheduleId, from: timeInput.optional(), to: timeInput.optional() })
export const ledger = listOf(fire)
export const firedSchedule = z.strictObject({ runId: z.string() })
