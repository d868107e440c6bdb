import type { Json } from '@/workflows/graph/schema'

/** What a schedule trigger puts out. */
export function scheduleInput(schedule: { id: string; name: string; input: unknown }, scheduledAt: Date): Json {
  return { scheduledAt: scheduledAt.toISOString(), scheduleId: schedule.id, name: schedule.name, input: (schedule.input ?? null) as Json }
}
