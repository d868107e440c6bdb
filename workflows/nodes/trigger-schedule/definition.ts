import { z } from 'zod'
import { phrase } from '../../words/spoken'
import { defineTrigger } from '../define'

export const triggerSchedule = defineTrigger({
  type: 'trigger.schedule',
  version: 1,
  title: 'Schedule',
  summary: 'Start the workflow at set times, such as every weekday at eight.',
  category: 'trigger',
  icon: 'calendar-clock',
  keywords: ['cron', 'time', 'daily', 'hourly', 'timer', 'every', 'morning', 'weekly', 'monthly', 'night', 'regularly', 'recurring'],
  ports: { in: [], out: ['main'] },
  byClock: true,
  params: z.object({
    note: z.string().max(500).default(''),
  }),
  form: {
    note: {
      label: 'Note',
      widget: 'text',
      help: 'The times themselves stand under Schedules, so they can be paused without publishing again.',
      example: 'Before the morning stand-up',
      literal: true,
    },
  },
  subtitle: (params) => (typeof params.note === 'string' && params.note !== '' ? params.note : phrase`At its scheduled times`),
  sample: { scheduledAt: '2026-11-23T08:00:00.000Z', scheduleId: 'sch_01', name: 'Every weekday at 8', input: null },
})
