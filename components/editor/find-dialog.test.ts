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

it('shows what somebody wrote in a row, not how it is kept', () => {
  const graph = drawGraph(
    [
      step('set', 'data.set', 'Set', [0, 0], { fields: [{ name: 'city', value: 'Oslo' }] }),
      step('send', 'http.request', 'Send', [0, 0], { headers: { Accept: 'text/csv' } }),
    ],
    [],
  )
  const hits = (query: string) => findIn(graph, query).map(({ where, text }) => [where, text])
  expect(hits('osl')).toEqual([['Fields', 'Oslo']])
  expect(hits('text/csv')).toEqual([['Headers', 'Accept: text/csv']])
  expect(hits('"value"')).toEqual([])
})
