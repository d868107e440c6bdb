import { expect, it } from 'vitest'
import { drawGraph, step } from '@/workflows/templates/draw-graph'
import { findIn } from './find-dialog'

const found = (url: string) =>
  findIn(drawGraph([step('send', 'http.request', 'Send', [0, 0], { url })], []), 'orders')
    .filter(({ where }) => where !== '')
    .map(({ where, text }) => [where, text])

it('shows what was found with what stands around it, and says where text is left out', () => {
  expect(found('https://shop.example/orders')).toEqual([['URL', 'https://shop.example/orders']])
  expect(found(`https://shop.example/${'a'.repeat(40)}/orders?${'b'.repeat(80)}`)).toEqual([
    ['URL', `…${'a'.repeat(22)}/orders?${'b'.repeat(53)}…`],
  ])
})
