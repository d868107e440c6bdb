import type { z } from 'zod'
import { limits } from '../../limits'
import { NodeError } from '../errors'
import type { flowWait } from './definition'

/** When the wait is over; never before `now`. A date without a zone is read as UTC. */
export function waitUntil(params: z.output<typeof flowWait.params>, now: Date): Date {
  if (params.mode === 'for') return new Date(now.getTime() + params.durationMs)
  const text = params.until?.trim() ?? ''
  const time = Date.parse(/T\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text) ? `${text}Z` : text)
  if (Number.isNaN(time)) {
    throw new NodeError({
      class: 'bad_data',
      code: 'wait.date',
      message: text === '' ? 'There is no date to wait for.' : `"${text.slice(0, 80)}" is not a date.`,
      hint: 'Give a date such as 2026-03-31T08:00:00Z.',
      pointer: '/params/until',
    })
  }
  if (time - now.getTime() > limits.runWaitMs) {
    throw new NodeError({
      class: 'bad_data',
      code: 'wait.too_long',
      message: `${new Date(time).toISOString()} is more than 30 days away, which is longer than a run may wait.`,
      hint: 'Start a run nearer to that date, for example with a schedule.',
      pointer: '/params/until',
    })
  }
  return new Date(Math.max(time, now.getTime()))
}
