import { expect, it } from 'vitest'
import { z } from 'zod'
import { issueSentence } from './issue-sentence'

const of = (schema: z.ZodType, value: unknown) => {
  const [issue] = schema.safeParse(value).error?.issues ?? []
  return issue && issueSentence(issue)
}

it.each([
  ['what is not there', z.string(), undefined, 'This is missing.'],
  ['another kind', z.string(), 5, 'This must be a text, not a number.'],
  ['a fraction', z.number().int(), 1.5, 'This must be a whole number.'],
  ['null', z.array(z.string()), null, 'This must be a list, not nothing.'],
  ['a list for an object', z.strictObject({}), [], 'This must be an object, not a list.'],
  ['no choice', z.enum(['a', 'b']), 'c', 'This must be one of “a”, “b”.'],
  ['another constant', z.literal(true), false, 'This must be true.'],
  ['a kind that is not known', z.discriminatedUnion('k', [z.object({ k: z.literal('a') })]), { k: 'z' }, 'This must be “a”.'],
  ['none of several', z.union([z.string(), z.number()]), true, 'This is of a kind that is not taken here.'],
  ['an empty text', z.string().min(1), '', 'This must not be empty.'],
  ['an empty list', z.array(z.string()).min(1), [], 'This must not be empty.'],
  ['a short text', z.string().min(3), 'ab', 'This needs at least 3 characters.'],
  ['a long text', z.string().max(2), 'abc', 'This may have at most 2 characters.'],
  ['a long list', z.array(z.string()).max(2), ['a', 'b', 'c'], 'This may have at most 2 entries.'],
  ['a small number', z.number().min(1), 0, 'This must be at least 1.'],
  ['a number at a limit that is left out', z.number().positive(), 0, 'This must be more than 0.'],
  ['a number at the other', z.number().lt(5), 5, 'This must be less than 5.'],
  ['a large number', z.number().max(5), 6, 'This must be at most 5.'],
  ['an address', z.email(), 'x', 'This is not an e-mail address.'],
  ['a form', z.string().regex(/^a/), 'b', 'This is not written as it has to be.'],
  ['a field too many', z.strictObject({}), { extra: 1 }, 'There is no field “extra”.'],
  ['a sentence of its own', z.string().min(3, 'Write three letters.'), 'a', 'Write three letters.'],
])('says of %s what to do', (_, schema, value, sentence) => {
  expect(of(schema, value)).toBe(sentence)
})
