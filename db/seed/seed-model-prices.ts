import { isNull } from 'drizzle-orm'
import { newId } from '@/db/ids'
import type { asOwner } from '@/db/migrate'
import { modelPrices } from '@/db/schema'

type OwnerDatabase = Parameters<Parameters<typeof asOwner>[1]>[0]

/** List prices in US dollars for a million tokens, input and output, as the providers published them; people correct them in Settings. */
const prices: readonly [provider: string, model: string, input: number, output: number][] = [
  ['OpenAI', 'gpt-4o', 2.5, 10],
  ['OpenAI', 'gpt-4o-mini', 0.15, 0.6],
  ['OpenAI', 'gpt-4.1', 2, 8],
  ['OpenAI', 'gpt-4.1-mini', 0.4, 1.6],
  ['OpenAI', 'gpt-4.1-nano', 0.1, 0.4],
  ['OpenAI', 'gpt-5', 1.25, 10],
  ['OpenAI', 'gpt-5-mini', 0.25, 2],
  ['OpenAI', 'gpt-5-nano', 0.05, 0.4],
  ['OpenAI', 'o3', 2, 8],
  ['OpenAI', 'o4-mini', 1.1, 4.4],
  ['Anthropic', 'claude-opus-4-1', 15, 75],
  ['Anthropic', 'claude-sonnet-4-5', 3, 15],
  ['Anthropic', 'claude-haiku-4-5', 1, 5],
  ['Google', 'gemini-2.5-pro', 1.25, 10],
  ['Google', 'gemini-2.5-flash', 0.3, 2.5],
  ['Google', 'gemini-2.5-flash-lite', 0.1, 0.4],
]
const validFrom = new Date('2025-10-15T00:00:00Z')

/** Adds what is missing; a built-in price is never changed afterwards, because runs were charged by it. */
export async function seedModelPrices(db: OwnerDatabase): Promise<void> {
  const there = await db.select({ model: modelPrices.model }).from(modelPrices).where(isNull(modelPrices.organizationId))
  const known = new Set(there.map((row) => row.model))
  const missing = prices.filter(([, model]) => !known.has(model))
  if (missing.length === 0) return
  await db.insert(modelPrices).values(
    missing.map(([provider, model, input, output]) => ({
      id: newId('price'),
      provider,
      model,
      inputMicros: Math.round(input * 1_000_000),
      outputMicros: Math.round(output * 1_000_000),
      validFrom,
    })),
  )
}
