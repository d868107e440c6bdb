import { z } from 'zod'
import type { Json } from '../../graph/schema'
import { parseModelJson } from './parse-model-json'

/** A model's answer read by the schema it was given; `problem` is written for the model, `misfit` is what does not fit where it is JSON. */
export function checkAnswer(text: string, schema: Json): { ok: true; value: Json } | { ok: false; problem: string; misfit?: string } {
  const parsed = parseModelJson(text)
  if (!parsed.ok) return { ok: false, problem: 'The answer is not JSON. Answer again with JSON only, without any words around it.' }
  const check = checkerOf(schema)
  const result = check?.safeParse(parsed.value)
  if (!result || result.success) return { ok: true, value: parsed.value }
  const issues = result.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.length > 0 ? issue.path.join('.') : 'the answer'}: ${issue.message}`)
  const misfit = issues.join('; ')
  return { ok: false, problem: `The answer does not fit its schema (${misfit}). Answer again with JSON that fits the schema.`, misfit }
}

/** Null for a schema that uses what we cannot check; the provider was given it all the same. */
function checkerOf(schema: Json): z.ZodType | null {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
  } catch {
    return null
  }
}
