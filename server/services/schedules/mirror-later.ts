import { log } from '@/server/log'
import { mirrorSchedule } from './mirror-schedule'

/** Brings Temporal in step after the commit; what fails is found again by the sweep, because the row's revision is ahead. */
export function mirrorLater(organizationId: string, scheduleIds: readonly string[]): void {
  for (const scheduleId of scheduleIds) {
    mirrorSchedule({ organizationId, scheduleId }).catch((error: unknown) =>
      log.warn('a schedule was not mirrored yet', { organizationId, scheduleId, error }),
    )
  }
}
