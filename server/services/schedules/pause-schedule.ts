import type { z } from 'zod'
import type { Caller } from '@/server/auth/caller'
import type { pauseScheduleInput } from './contract'
import { setPaused } from './set-paused'

export function pauseSchedule(caller: Caller, input: z.infer<typeof pauseScheduleInput>): Promise<{ ok: true }> {
  return setPaused(caller, input.scheduleId, { paused: true, reason: input.reason ?? null })
}
