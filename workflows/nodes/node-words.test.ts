import { afterEach, describe, expect, it } from 'vitest'
import { speak } from '../words/spoken'
import { catalogue, categories, definitions, speakOfNodes } from './catalogue'
import { credentialTypes } from './credential-types'
import type { NodeDefinition } from './define'
import { credentialInWords, inWords, wordKey, wordsOf, wordsOfCredential } from './node-words'

/** Every text in the shape that a translation has, changed so that it can be told from the English. */
function turned(value: unknown): unknown {
  if (typeof value === 'string') return `«${value}»`
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, turned(one)]))
}

afterEach(() => speakOfNodes(undefined))

describe('the words of a node', () => {
  it.each(definitions.map((one) => [one.type, one as NodeDefinition]))(
    '%s is said whole in another language, and runs the same',
    (_type, one) => {
      const words = turned(wordsOf(one)) as ReturnType<typeof wordsOf>
      const other = inWords(one, words)
      expect({ ...wordsOf(other), keywords: undefined }).toEqual({ ...words, keywords: undefined })
      for (const keyword of one.keywords ?? []) expect(other.keywords).toContain(keyword)
      expect(other.params).toBe(one.params)
      expect(other.ports).toBe(one.ports)
      expect(other.examples?.map((example) => example.params)).toEqual(one.examples?.map((example) => example.params))
    },
  )

  it('stay English where a language does not say them', () => {
    speakOfNodes({
      types: { 'http-request': { title: 'HTTP-Anfrage', form: { method: { label: 'Methode' } } } },
      categories: { flow: 'Ablauf' },
    })
    const http = catalogue.get('http.request')
    expect(http?.title).toBe('HTTP-Anfrage')
    expect(http?.summary).toBe('Call a URL and hand the response to the next step.')
    expect(Object.values(http?.form ?? {}).map((hint) => hint.label)).toEqual(expect.arrayContaining(['Methode', 'Credential']))
    expect(categories.find((one) => one.category === 'flow')?.title).toBe('Ablauf')
    expect(catalogue.get('flow.if')?.title).toBe('If')
    speakOfNodes(undefined)
    expect(catalogue.get('http.request')?.title).toBe('HTTP request')
  })
})

describe('the words of a credential', () => {
  it.each(credentialTypes.map((one) => [one.type, one]))('%s asks for the same in another language', (type, one) => {
    const kind = structuredClone(one) as unknown as Parameters<typeof credentialInWords>[0]
    const words = turned(wordsOfCredential(one)) as ReturnType<typeof wordsOfCredential>
    const other = credentialInWords(kind, { credentials: { [wordKey(type)]: words } })
    expect(wordsOfCredential(other as never)).toEqual(words)
    expect(other.secrets.map((field) => field.name)).toEqual(one.secrets.map((field) => field.name))
    expect(credentialInWords(kind, {})).toBe(kind)
  })
})

it('says on a card in the page’s language what is not set yet', () => {
  speak({ locale: 'xx', sentences: new Proxy({}, { get: (_all, english) => `«${String(english)}»` }), translate: (text) => text })
  try {
    for (const one of definitions as readonly NodeDefinition[]) {
      const said = one.subtitle?.({}, one.form as never) ?? ''
      expect(said.replaceAll(/«[^»]*»/g, '')).not.toMatch(/\b(?:yet|no)\b/)
    }
  } finally {
    speak(null)
  }
})
