import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { newId } from '@/db/ids'
import { modelPrices } from '@/db/schema'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import type { setModelPriceInput } from './contract'

/** A new row from a date on; what was spent before keeps the price it was recorded with. */
export function setModelPrice(caller: Caller, input: z.infer<typeof setModelPriceInput>): Promise<{ id: string }> {
  const { organizationId } = caller
  return inOrganization(organizationId, async (tx) => {
    requirePermission(caller, 'settings.edit')
    const id = newId('price')
    await tx
      .insert(modelPrices)
      .values({ ...input, id, organizationId, validFrom: input.validFrom ?? new Date(), createdBy: caller.userId })
    await announce(tx, organizationId, 'model_price', [id])
    await recordAudit(tx, {
      by: caller,
      action: 'model_price.set',
      target: { kind: 'model_price', id, name: input.model },
      detail: { inputMicros: input.inputMicros, outputMicros: input.outputMicros, currency: input.currency },
    })
    return { id }
  })
}
