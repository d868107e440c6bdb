import type { RunStatus } from '@/db/schema/runs'
import type { Caller } from '@/server/auth/caller'
import { type HoldRun, setPaused } from './pause-run'

/** Lets a held run go on; a run that is not held answers as it is. */
export function resumeRun(caller: Caller, input: HoldRun): Promise<{ runId: string; status: RunStatus }> {
  return setPaused(caller, input, false)
}
