import type { z } from 'zod'
import type { Caller } from '@/server/auth/caller'
import type { previewScheduleInput } from './contract'
import { readCron, wordsOf } from './read-cron'

export async function previewSchedule(_caller: Caller, input: z.infer<typeof previewScheduleInput>) {
  const { bothDayFields, ...reading } = readCron(input.cron, input.timeZone, new Date())
  return { ...reading, words: wordsOf(input.cron, input.language), asksBothDayFields: bothDayFields }
}
