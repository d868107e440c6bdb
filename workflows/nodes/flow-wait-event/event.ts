import type { z } from 'zod'
import type { Wait } from '../../runtime/types'
import type { flowWaitEvent } from './definition'

export function eventOf(
  params: z.output<typeof flowWaitEvent.params>,
  { path, now }: { path: string; now: Date },
): Extract<Wait, { kind: 'event' }> {
  const dueAt = new Date(now.getTime() + params.withinMs)
  return { kind: 'event', path, attempt: 1, dueAt, detail: { name: params.name, key: params.key } }
}
