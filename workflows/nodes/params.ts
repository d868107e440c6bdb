import { z } from 'zod'
import { forbiddenKeys, type Json } from '../graph/schema'
import { part } from '../words/part'
import type { FieldHint } from './define'

/** A missing value is asked for; a wrong one is told what it must be. */
function mustBe(what: string) {
  return (issue: { input?: unknown }): string =>
    issue.input === undefined || issue.input === null ? 'Fill it in.' : `This must be ${what}.`
}

/** A text that an expression may have made into a number or a boolean. */
export const textParam = z.union([z.string(), z.number(), z.boolean()], { error: mustBe(part`a text`) }).transform(String)

/** A number that an expression may have made into a text. */
export function numberParam({ min, max, whole = false }: { min: number; max: number; whole?: boolean }) {
  const number = z.number().min(min, `It must be ${min} or more.`).max(max, `It must be ${max} or less.`)
  return z
    .union(
      [
        z.number(),
        z
          .string()
          .trim()
          .regex(/^-?\d+(\.\d+)?$/, 'This must be a number.'),
      ],
      { error: mustBe(part`a number`) },
    )
    .transform(Number)
    .pipe(whole ? number.int('It must be a whole number.') : number)
}

/** Rows of a name and any value, in the order people gave them. */
export const fieldsParam = z.array(
  z.object({
    name: z.string().trim().min(1, 'Give the field a name.').max(200, 'A name has 200 characters at most.'),
    value: z.json().default(null),
  }),
)

/** Any value. What expressions give is JSON already, and walking a list of 100,000 items once more would cost most of a second. */
export const valueParam = z.unknown() as unknown as z.ZodType<Json, Json>

/** A field by its path, `customer.id`; empty where the item itself is meant. */
export const fieldPathParam = z
  .string({ error: mustBe(part`the name of a field`) })
  .trim()
  .max(200, 'The name of a field has 200 characters at most.')
  .refine((path) => !reachesPrototype(path), 'This name is reserved. Use another one.')

/** Fields by their paths, in a text with commas or as a list. */
export const fieldPathsParam = z
  .union([z.string(), z.array(z.string())], { error: mustBe(part`a text with names of fields`) })
  .transform(fieldNames)
  .pipe(z.array(fieldPathParam).max(50, 'Name 50 fields at most.'))

export function fieldNames(value: Json | undefined): string[] {
  const names = typeof value === 'string' ? value.split(/[,\n]/) : Array.isArray(value) ? value : []
  return [...new Set(names.flatMap((name) => (typeof name === 'string' && name.trim() !== '' ? [name.trim()] : [])))]
}

function reachesPrototype(path: string): boolean {
  return path.split('.').some((part) => (forbiddenKeys as readonly string[]).includes(part))
}

/** Names and texts; a value that is null is left out, so an expression can switch a header off. */
export const keyValuesParam = z.record(z.string(), z.union([textParam, z.null()]))

/** The credential's id; never an expression. */
export const credentialParam = z.string().max(80).optional()

/** How an expression reads on a card: `{{ steps.order.customer.id }}` becomes `{id}`. */
export function shortenExpressions(text: string): string {
  // Behind the last end there is none to be found: each beginning would be followed in vain.
  const end = text.lastIndexOf('}}') + 2
  const shortened = text.slice(0, end).replace(/\{\{([\s\S]*?)\}\}/g, (_, source: string) => {
    const names = source.match(/[A-Za-z_$][\w$]*/g)
    return `{${names?.at(-1)?.replace(/^\$/, '') ?? '…'}}`
  })
  return shortened + text.slice(end)
}

/** How a choice is called on screen. */
export function optionLabel(field: Pick<FieldHint, 'options'> | undefined, value: Json | undefined): string {
  return field?.options?.find((option) => option.value === value)?.label ?? textOf(value)
}

export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : JSON.stringify(value)
}
