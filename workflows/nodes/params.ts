import { z } from 'zod'
import type { Json } from '../graph/schema'

/** A missing value is asked for; a wrong one is told what it must be. */
function mustBe(what: string) {
  return (issue: { input?: unknown }): string =>
    issue.input === undefined || issue.input === null ? 'Fill it in.' : `This must be ${what}.`
}

/** A text that an expression may have made into a number or a boolean. */
export const textParam = z.union([z.string(), z.number(), z.boolean()], { error: mustBe('a text') }).transform(String)

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
      { error: mustBe('a number') },
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

/** Names and texts; a value that is null is left out, so an expression can switch a header off. */
export const keyValuesParam = z.record(z.string(), z.union([textParam, z.null()]))

/** The credential's id; never an expression. */
export const credentialParam = z.string().max(80).optional()

/** How an expression reads on a card: `{{ steps.order.customer.id }}` becomes `{id}`. */
export function shortenExpressions(text: string): string {
  return text.replace(/\{\{([\s\S]*?)\}\}/g, (_, source: string) => {
    const names = source.match(/[A-Za-z_$][\w$]*/g)
    return `{${names?.at(-1)?.replace(/^\$/, '') ?? '…'}}`
  })
}

export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : JSON.stringify(value)
}
