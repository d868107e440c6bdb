import { describe, expect, it } from 'vitest'
import { complete } from '@/workflows/graph/expressions'
import { closeOpen, insertPath, insertSuggestion } from './insert-value'

describe('insertPath', () => {
  it('makes an expression of a value put into plain text', () => {
    expect(insertPath('Order ', 6, 6, 'input.id')).toEqual({ text: 'Order {{ input.id }}', caret: 20 })
  })
  it('puts only the name inside an expression', () => {
    expect(insertPath('{{ round() }}', 9, 9, 'input.total').text).toBe('{{ round(input.total) }}')
  })
  it('closes an expression that was only begun', () => {
    expect(insertPath('{{ ', 3, 3, 'input.id').text).toBe('{{ input.id }}')
  })
  it('stands beside an expression that is complete', () => {
    expect(insertPath('{{ input.a }}', 13, 13, 'input.b').text).toBe('{{ input.a }}{{ input.b }}')
  })
  it('takes the place of what is marked', () => {
    expect(insertPath('abc', 0, 3, 'input.id').text).toBe('{{ input.id }}')
  })
})

describe('insertSuggestion', () => {
  it('completes a field and closes its expression', () => {
    const text = '{{ input.qu'
    const [first] = complete(text, { input: { quantity: 4, sku: 'A' } })
    expect(first && insertSuggestion(text, text.length, first)).toEqual({ text: '{{ input.quantity }}', caret: 17 })
  })
  it('leaves an expression open for the arguments of a function', () => {
    const text = '{{ rou'
    const suggestion = complete(text, {}).find((one) => one.label === 'round')
    expect(suggestion && insertSuggestion(text, text.length, suggestion)).toEqual({ text: '{{ round()', caret: 9 })
  })
  it('does not close what is closed', () => {
    const text = '{{ input.qu }}'
    const [first] = complete('{{ input.qu', { input: { quantity: 4 } })
    expect(first && insertSuggestion(text, 11, first).text).toBe('{{ input.quantity }}')
  })
})

describe('closeOpen', () => {
  it('ends an expression that was left open', () => {
    expect(closeOpen('a {{ input.b')).toBe('a {{ input.b }}')
  })
  it('leaves alone what is complete or empty', () => {
    expect(closeOpen('a {{ input.b }} c')).toBe('a {{ input.b }} c')
    expect(closeOpen('{{ ')).toBe('{{ ')
  })
})
