import { afterEach, describe, expect, it } from 'vitest'
import { part } from './part'
import { phrase, speak, spoken, spokenLocale } from './spoken'
import { createTranslator, type Sentences } from './translator'

afterEach(() => speak(null))

const inGerman = (sentences: Sentences) => speak({ locale: 'de', sentences, translate: createTranslator('de', sentences) })

describe('a phrase', () => {
  it('is English where no language was given', () => {
    expect(phrase`Moved ${1_200} nodes`).toBe('Moved 1,200 nodes')
    expect(phrase`${'a'} of ${'b'}`).toBe('a of b')
    expect(spoken('Moved 3 nodes')).toBe('Moved 3 nodes')
    expect(spokenLocale()).toBe('en')
  })

  it('is put together in the order of the page’s language', () => {
    inGerman({ 'Moved {0} nodes': '{0} Schritte verschoben', '{0} of {1}': '{1}: {0}' })
    expect(phrase`Moved ${1_200} nodes`).toBe('1.200 Schritte verschoben')
    expect(phrase`${'{1}'} of ${'b'}`).toBe('b: {1}')
    expect(phrase`Removed ${'x'}`).toBe('Removed x')
    expect(spokenLocale()).toBe('de')
  })
})

describe('a piece of a sentence', () => {
  it('stays English until the sentence is said', () => {
    inGerman({ ' in line {0}': ' in Zeile {0}' })
    expect(part` in line ${3}`).toBe(' in line 3')
    expect(part`a text`).toBe('a text')
  })
})
