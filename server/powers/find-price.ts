import { and, desc, eq, isNull, lte, or, sql } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { modelPrices } from '@/db/schema'
import type { ModelPrice } from '@/server/models/create-model-client'

const keepMs = 30_000
const known = new Map<string, { price: ModelPrice | null; until: number }>()

/** The price of a model at a time: the organization's own before the one that came with Millrace; looked up at most every 30 s. */
export async function findPrice(organizationId: string, model: string, at: Date): Promise<ModelPrice | null> {
  const key = `${organizationId} ${model}`
  const there = known.get(key)
  if (there && there.until > performance.now()) return there.price
  const [row] = await inOrganization(organizationId, (tx) =>
    tx
      .select({ inputMicros: modelPrices.inputMicros, outputMicros: modelPrices.outputMicros, currency: modelPrices.currency })
      .from(modelPrices)
      .where(
        and(
          eq(modelPrices.model, model),
          lte(modelPrices.validFrom, at),
          or(isNull(modelPrices.organizationId), eq(modelPrices.organizationId, organizationId)),
        ),
      )
      .orderBy(sql`${modelPrices.organizationId} is null`, desc(modelPrices.validFrom))
      .limit(1),
  )
  if (known.size > 10_000) known.clear()
  known.set(key, { price: row ?? null, until: performance.now() + keepMs })
  return row ?? null
}
