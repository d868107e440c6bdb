import { procedure, router } from '@/server/api/trpc'
import {
  createScheduleInput,
  firedSchedule,
  ledger,
  ledgerInput,
  listSchedulesInput,
  pauseScheduleInput,
  previewScheduleInput,
  scheduleItem,
  schedulePage,
  schedulePreview,
  scheduleTarget,
  updateScheduleInput,
} from '@/server/services/schedules/contract'
import { createSchedule } from '@/server/services/schedules/create-schedule'
import { fireSchedule } from '@/server/services/schedules/fire-schedule'
import { getSchedule } from '@/server/services/schedules/get-schedule'
import { listFires } from '@/server/services/schedules/list-fires'
import { listSchedules } from '@/server/services/schedules/list-schedules'
import { pauseSchedule } from '@/server/services/schedules/pause-schedule'
import { previewSchedule } from '@/server/services/schedules/preview-schedule'
import { removeSchedule } from '@/server/services/schedules/remove-schedule'
import { resumeSchedule } from '@/server/services/schedules/resume-schedule'
import { updateSchedule } from '@/server/services/schedules/update-schedule'
import { done } from '@/server/services/shapes'

export const schedulesRouter = router({
  list: procedure('schedule.read', { method: 'GET', path: '/schedules', tags: ['Schedules'], summary: 'List schedules' })
    .input(listSchedulesInput)
    .output(schedulePage)
    .query(({ ctx, input }) => listSchedules(ctx.organization, input)),
  get: procedure('schedule.read', { method: 'GET', path: '/schedules/{scheduleId}', tags: ['Schedules'], summary: 'Get a schedule' })
    .input(scheduleTarget)
    .output(scheduleItem)
    .query(({ ctx, input }) => getSchedule(ctx.organization, input)),
  create: procedure('schedule.edit', { method: 'POST', path: '/schedules', tags: ['Schedules'], summary: 'Create a schedule' })
    .input(createScheduleInput)
    .output(scheduleItem)
    .mutation(({ ctx, input }) => createSchedule(ctx.organization, input)),
  update: procedure('schedule.edit', {
    method: 'PATCH',
    path: '/schedules/{scheduleId}',
    tags: ['Schedules'],
    summary: 'Change a schedule',
  })
    .input(updateScheduleInput)
    .output(scheduleItem)
    .mutation(({ ctx, input }) => updateSchedule(ctx.organization, input)),
  pause: procedure('schedule.edit', {
    method: 'POST',
    path: '/schedules/{scheduleId}/pause',
    tags: ['Schedules'],
    summary: 'Pause a schedule',
  })
    .input(pauseScheduleInput)
    .output(done)
    .mutation(({ ctx, input }) => pauseSchedule(ctx.organization, input)),
  resume: procedure('schedule.edit', {
    method: 'POST',
    path: '/schedules/{scheduleId}/resume',
    tags: ['Schedules'],
    summary: 'Resume a schedule',
  })
    .input(scheduleTarget)
    .output(done)
    .mutation(({ ctx, input }) => resumeSchedule(ctx.organization, input)),
  remove: procedure('schedule.edit', {
    method: 'DELETE',
    path: '/schedules/{scheduleId}',
    tags: ['Schedules'],
    summary: 'Remove a schedule',
  })
    .input(scheduleTarget)
    .output(done)
    .mutation(({ ctx, input }) => removeSchedule(ctx.organization, input)),
  preview: procedure('schedule.read', {
    method: 'GET',
    path: '/schedules/preview',
    tags: ['Schedules'],
    summary: 'Say a cron expression in words, with its next five fires',
  })
    .input(previewScheduleInput)
    .output(schedulePreview)
    .query(({ ctx, input }) => previewSchedule(ctx.organization, input)),
  ledger: procedure('schedule.read', {
    method: 'GET',
    path: '/schedules/{scheduleId}/fires',
    tags: ['Schedules'],
    summary: 'List expected fires and what became of them',
  })
    .input(ledgerInput)
    .output(ledger)
    .query(({ ctx, input }) => listFires(ctx.organization, input)),
  fireNow: procedure('run.start', {
    method: 'POST',
    path: '/schedules/{scheduleId}/fire',
    tags: ['Schedules'],
    summary: 'Fire a schedule now',
  })
    .input(scheduleTarget)
    .output(firedSchedule)
    .mutation(({ ctx, input }) => fireSchedule(ctx.organization, input)),
})
