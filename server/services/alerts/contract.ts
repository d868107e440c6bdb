import { z } from 'zod'
import { alertKinds } from '@/db/schema'
import { idOf, listOf, time } from '@/server/services/shapes'

const kind = z.enum(alertKinds)

export const setAlertTargetInput = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'This must be an address such as https://chat.example.com/hooks/millrace.' }).max(2_000),
  /** Added to each call; one that the whole organization may use. */
  credentialId: idOf('cred').nullable().default(null),
  kinds: z.array(kind).min(1, 'Choose at least one.').max(alertKinds.length),
})
/** `url` only for those who may change it, because it may hold a secret; the others see its host. */
export const alertTarget = z.strictObject({
  target: z
    .strictObject({
      url: z.string().nullable(),
      host: z.string(),
      credentialId: z.string().nullable(),
      kinds: z.array(kind),
      updatedAt: time,
    })
    .nullable(),
})
export const alertList = listOf(
  z.strictObject({
    id: z.string(),
    kind,
    state: z.enum(['waiting', 'sent', 'failed']),
    attempts: z.number(),
    /** Why the last try failed. */
    error: z.string().nullable(),
    createdAt: time,
    sentAt: time.nullable(),
  }),
)
export const testedAlert = z.strictObject({ ok: z.boolean(), error: z.string().nullable() })
