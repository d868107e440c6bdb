import type { z } from 'zod'
import type { Json } from '../../graph/schema'
import type { StepError } from '../errors'
import type { flowStop } from './definition'

export type Stop = { end: 'failed'; error: StepError } | { end: 'succeeded'; output: Json }

export function stopOf({ end, message, class: kind, output }: z.output<typeof flowStop.params>, input: Json): Stop {
  if (end === 'succeed') return { end: 'succeeded', output: output === undefined ? input : output }
  return { end: 'failed', error: { class: kind, code: 'stop', message: message.trim() || 'The run was stopped.' } }
}
