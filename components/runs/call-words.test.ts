import { describe, expect, it } from 'vitest'
import { callInWords, essenceOf, inOneLine } from './call-words'

describe('a tool call in words', () => {
  it('reads like a call with named arguments', () => {
    expect(callInWords({ name: 'score', arguments: '{"company":"Quayside","years":[2025,2026],"deep":{}}' })).toBe(
      'score(company: "Quayside", years: [2025, 2026], deep: {})',
    )
    expect(callInWords({ name: 'now', arguments: '{}' })).toBe('now()')
    expect(callInWords({ name: 'now', arguments: '' })).toBe('now()')
  })
  it('shows what the model wrote where that is no JSON', () => {
    expect(callInWords({ name: 'score', arguments: '{"company": Quay' })).toBe('score({"company": Quay)')
  })
  it('cuts what is long', () => {
    expect(inOneLine('x'.repeat(1_000))).toHaveLength(241)
  })
  it('leaves out how an answer came', () => {
    expect(essenceOf({ status: 200, headers: {}, body: { score: 71 } }, 'body')).toEqual({ score: 71 })
    expect(essenceOf({ status: 204 }, 'body')).toEqual({ status: 204 })
    expect(essenceOf('plain', 'body')).toBe('plain')
    expect(inOneLine({ score: 71, names: ['a'] })).toBe('{ "score": 71, "names": ["a"] }')
  })
})
