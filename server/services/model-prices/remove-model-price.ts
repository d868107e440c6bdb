import { and, eq } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { modelPrices } from '@/db/schema'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { notFound } from '@/server/services/service-error'

/** Only one of the organization's own; the built-in price counts again. */
export async function removeModelPrice(caller: Caller, { priceId }: { priceId: string }): Promise<{ ok: true }> {
  const { organizationId } = caller
  await inOrganization(organizationId, async (tx) => {
    requirePermission(caller, 'settings.edit')
    const [row] = await tx
      .delete(modelPrices)
      .where(and(eq(modelPrices.organizationId, organizationId), eq(modelPrices.id, priceId)))
      .returning()
    if (!row) throw notFound('price of yours')
    await announce(tx, organizationId, 'model_price', [priceId])
    await recordAudit(tx, { by: caller, action: 'model_price.remove', target: { kind: 'model_price', id: priceId, name: row.model } })
  })
  return { ok: true }
}
