import type { z } from 'zod'
import type { Caller } from '@/server/auth/caller'
import type { cancelRunInput } from './contract'
import { requestCancel } from './request-cancel'

export function cancelRun(caller: Caller, input: z.infer<typeof cancelRunInput>) {
  return requestCancel(caller, input)
}
