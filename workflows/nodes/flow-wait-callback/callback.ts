import type { z } from 'zod'
import type { Wait } from '../../runtime/types'
import type { flowWaitCallback } from './definition'

export function callbackOf(
  params: z.output<typeof flowWaitCallback.params>,
  { path, now }: { path: string; now: Date },
): Extract<Wait, { kind: 'callback' }> {
  return { kind: 'callback', path, attempt: 1, dueAt: new Date(now.getTime() + params.withinMs) }
}
