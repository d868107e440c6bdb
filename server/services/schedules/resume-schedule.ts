import type { Caller } from '@/server/auth/caller'
import { setPaused } from './set-paused'

export function resumeSchedule(caller: Caller, { scheduleId }: { scheduleId: string }): Promise<{ ok: true }> {
  return setPaused(caller, scheduleId, { paused: false, reason: null })
}
