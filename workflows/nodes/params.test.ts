import { describe, expect, it } from 'vitest'
import { numberParam, shortenExpressions, textParam } from './params'

const messageOf = (result: { success: boolean; error?: { issues: { message: string }[] } }) => result.error?.issues[0]?.message

describe('a number', () => {
  const number = numberParam({ min: 1, max: 25, whole: true })
  it.each([[5], ['5'], [' 5 ']])('may come as %j', (value) => {
    expect(number.parse(value)).toBe(5)
  })
  it.each([
    [undefined, 'Fill it in.'],
    ['many', 'This must be a number.'],
    [{}, 'This must be a number.'],
    [0, 'It must be 1 or more.'],
    ['26', 'It must be 25 or less.'],
    [1.5, 'It must be a whole number.'],
  ])('%j is answered with a sentence', (value, message) => {
    expect(messageOf(number.safeParse(value))).toBe(message)
  })
})

describe('a text', () => {
  it('may come as a number or a boolean, and as nothing else', () => {
    expect([textParam.parse('a'), textParam.parse(5), textParam.parse(true)]).toEqual(['a', '5', 'true'])
    expect(messageOf(textParam.safeParse(['a']))).toBe('This must be a text.')
    expect(messageOf(textParam.safeParse(null))).toBe('Fill it in.')
  })
})

describe('an expression on a card', () => {
  it.each([
    ['a {{ input.customer.id }} b', 'a {id} b'],
    ['{{ steps.$k3f9a2x1 }}', '{k3f9a2x1}'],
    ['{{ 1 + 2 }}', '{…}'],
    ['{{ open', '{{ open'],
  ])('%s reads %s', (text, short) => {
    expect(shortenExpressions(text)).toBe(short)
  })
})
