import type { z } from 'zod'
import type { StepError } from '../errors'
import type { flowStop } from './definition'

export function stopErrorOf(params: z.output<typeof flowStop.params>): StepError {
  return { class: params.class, code: 'stop', message: params.message }
}
