import { expect, it } from 'vitest'
import { afterTitle, withoutTitle } from './without-title'

it('leaves out the name of the step, in any quotes, and nothing else', () => {
  expect(withoutTitle('“Prepare”: `a` is missing.', 'Prepare')).toBe('`a` is missing.')
  expect(withoutTitle('„Prepare“: `a` fehlt.', 'Prepare')).toBe('`a` fehlt.')
  expect(withoutTitle('“Prepare” is not connected.', 'Prepare')).toBe('“Prepare” is not connected.')
  expect(withoutTitle('“URL” of “Prepare” is missing.', 'Prepare')).toBe('“URL” is missing.')
  expect(withoutTitle('„URL“ fehlt bei „Prepare“. Gib sie an.', 'Prepare')).toBe('„URL“ fehlt. Gib sie an.')
  expect(withoutTitle('“URL” of “Other” is missing.', 'Prepare')).toBe('“URL” of “Other” is missing.')
})

it('goes on behind the name where the sentence begins with it', () => {
  expect(afterTitle('“Prepare” has no steps inside.', 'Prepare')).toBe('has no steps inside.')
  expect(afterTitle('“Prepare”: `a` is missing.', 'Prepare')).toBe('`a` is missing.')
  expect(afterTitle('“Other” has no steps inside.', 'Prepare')).toBe('“Other” has no steps inside.')
})
