import { z } from 'zod'
import { optionalJson } from '@/server/services/shapes'
import { limits } from '@/workflows/limits'

export const sendEventInput = z.strictObject({
  name: z.string().trim().min(1, 'An event needs a name.').max(limits.nameLength),
  key: z.union([z.string().trim().min(1, 'An event needs a key.').max(500), z.number().transform(String)]),
  data: optionalJson,
})
export const sentEvent = z.strictObject({
  /** Runs that waited for it and go on. */
  runIds: z.array(z.string()),
})
