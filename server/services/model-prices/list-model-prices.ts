import { and, asc, desc, eq, ilike, isNull, or } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { modelPrices } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { like } from '@/server/services/workflows/list-workflows'
import type { listModelPricesInput } from './contract'

/** Those that came with Millrace and the organization's own, which go first. */
export function listModelPrices(caller: Caller, input: z.infer<typeof listModelPricesInput>) {
  return inOrganization(caller.organizationId, async (tx) => {
    const rows = await tx
      .select()
      .from(modelPrices)
      .where(
        and(
          or(isNull(modelPrices.organizationId), eq(modelPrices.organizationId, caller.organizationId)),
          input.model ? ilike(modelPrices.model, like(input.model)) : undefined,
        ),
      )
      .orderBy(asc(modelPrices.model), desc(modelPrices.validFrom))
      .limit(2000)
    return {
      items: rows.map(({ id, provider, model, inputMicros, outputMicros, currency, validFrom, organizationId }) => ({
        id,
        provider,
        model,
        inputMicros,
        outputMicros,
        currency,
        validFrom,
        builtIn: organizationId === null,
      })),
    }
  })
}
