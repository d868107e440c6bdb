import { expect, it } from 'vitest'
import deadLetters from '@/messages/en/deadLetters.json'
import type { ErrorClass } from '@/workflows/nodes/errors'

it('has words for every class of error', () => {
  const words: Record<ErrorClass, string> = deadLetters.class
  for (const [code, said] of Object.entries(words)) expect(said).not.toContain(code)
})
