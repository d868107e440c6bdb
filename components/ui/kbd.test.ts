import { afterEach, expect, test } from 'vitest'
import { speak } from '@/workflows/words/spoken'
import { keysInWords } from './kbd'

afterEach(() => speak(null))

test('keys are called as they are on the keyboards of the language', () => {
  expect(keysInWords('Ctrl Shift Z')).toBe('Ctrl Shift Z')
  speak({ locale: 'de', sentences: {}, translate: (text) => (text === 'key: Ctrl' ? 'Strg' : text) })
  expect(keysInWords('Ctrl Shift Z')).toBe('Strg Shift Z')
})
