import { z } from 'zod'
import { idOf, listOf, time, timeInput } from '@/server/services/shapes'

export const modelPriceItem = z.strictObject({
  id: z.string(),
  provider: z.string(),
  model: z.string(),
  /** Micro-units for a million tokens. */
  inputMicros: z.number(),
  outputMicros: z.number(),
  currency: z.string(),
  validFrom: time,
  /** Came with Millrace; set your own to use another. */
  builtIn: z.boolean(),
})
export const listModelPricesInput = z.strictObject({ model: z.string().trim().max(200).optional() })
export const modelPriceList = listOf(modelPriceItem)
const micros = z.number().int().min(0).max(1_000_000_000_000)
export const setModelPriceInput = z.strictObject({
  provider: z.string().trim().max(200).default(''),
  model: z.string().trim().min(1).max(200),
  inputMicros: micros,
  outputMicros: micros,
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'A currency is three letters, such as USD.')
    .default('USD'),
  validFrom: timeInput.optional(),
})
export const modelPriceTarget = z.strictObject({ priceId: idOf('price') })
export const setModelPriceOutput = z.strictObject({ id: z.string() })
