import { describe, expect, it } from 'vitest'
import { createTranslator } from './translator'

const translate = createTranslator('de', {
  'This key is reserved.': 'Dieser Schlüssel ist reserviert.',
  '“{0}” is locked. Unlock it first.': '„{0}“ ist gesperrt. Heben Sie zuerst die Sperre auf.',
  '“{0}” has no way out called “{1}”.': '„{1}“ ist kein Ausgang von „{0}“.',
  '“{0}” of “{1}” is missing. {2}': '„{0}“ fehlt bei „{1}“. {2}',
  'Fill it in.': 'Füllen Sie es aus.',
  '“{0}”: {1}': '„{0}“: {1}',
  '{0} is {1}, not a number.': '{0} ist {1} und keine Zahl.',
  '{0} has no field called `{1}`.': 'Bei {0} gibt es kein Feld `{1}`.',
  'a text': 'ein Text',
  '{0} in {1}': '{0} in {1}!',
  'The code failed{0}: {1}': 'Der Code ist{0} gescheitert: {1}',
  ' in line {0}': ' in Zeile {0}',
  'The list has {0} items.': 'Die Liste hat {0} Elemente.',
})

describe('a page in another language', () => {
  it('says a sentence in its own words, with values where it puts them', () => {
    expect(translate('This key is reserved.')).toBe('Dieser Schlüssel ist reserviert.')
    expect(translate('“Total $1” is locked. Unlock it first.')).toBe('„Total $1“ ist gesperrt. Heben Sie zuerst die Sperre auf.')
    expect(translate('“Enough?” has no way out called “maybe”.')).toBe('„maybe“ ist kein Ausgang von „Enough?“.')
  })

  it('says sentences inside others, and several in a row', () => {
    expect(translate('“URL” of “Fetch” is missing. Fill it in.')).toBe('„URL“ fehlt bei „Fetch“. Füllen Sie es aus.')
    expect(translate('“Fetch”: `a` is a text, not a number.')).toBe('„Fetch“: `a` ist ein Text und keine Zahl.')
    expect(translate('“Fetch”: `a` has no field called `b`.')).toBe('„Fetch“: Bei `a` gibt es kein Feld `b`.')
    expect(translate('The code failed in line 3: Error: sold out')).toBe('Der Code ist in Zeile 3 gescheitert: Error: sold out')
    expect(translate('This key is reserved. Fill it in.')).toBe('Dieser Schlüssel ist reserviert. Füllen Sie es aus.')
  })

  it('writes numbers as the language does', () => {
    expect(translate('The list has 100,000 items.')).toBe('Die Liste hat 100.000 Elemente.')
    expect(translate('The list has 1.5 items.')).toBe('Die Liste hat 1.5 Elemente.')
  })

  it('leaves alone what it does not know, such as the words of people and other systems', () => {
    for (const text of ['', 'Upstream said no.', 'one in two', 'x'.repeat(10_000), '“a', '{0} in {1}'])
      expect(translate(text)).toBe(text === '{0} in {1}' ? '{0} in {1}!' : text)
  })
})
