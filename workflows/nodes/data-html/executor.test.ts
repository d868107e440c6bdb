import { describe, expect, it } from 'vitest'
import { failureOf, runEffect } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { dataHtml } from './definition'
import { runDataHtml } from './executor.server'

type Params = Parameters<typeof runEffect<typeof dataHtml.params>>[2]
const run = async (params: Params, input: Json = null) => (await runEffect(dataHtml, runDataHtml, params, { input })).output

const page = `<!doctype html><html><head><title>T</title><style>p{}</style></head><body>
  <h1>Orders  of
  today</h1><script>alert(1)</script>
  <table class="orders"><tr><td>1</td><td class="total">5&nbsp;€</td><td><a href="/o/1">open</a></td></tr>
  <tr><td>2<td class="total">7 &euro;<td><a href='o/2'>o<b>pe</b>n</a></table><p>Bye<br>now`

describe('taking values out of a page', () => {
  it('makes an item for each element, also of broken HTML', async () => {
    const values = [
      { name: 'id', selector: 'td:first-child' },
      { name: 'total', selector: '.total' },
      { name: 'link.address', selector: 'a', take: 'attribute' as const, attribute: 'HREF' },
      { name: 'link.words', selector: 'a', take: 'html' as const },
      { name: 'none', selector: 'img', take: 'attribute' as const, attribute: 'src' },
    ]
    expect(await run({ data: page, each: 'table.orders tr', values, base: 'https://shop.example.com/all/' })).toEqual([
      { id: '1', total: '5 €', link: { address: 'https://shop.example.com/o/1', words: 'open' }, none: null },
      { id: '2', total: '7 €', link: { address: 'https://shop.example.com/all/o/2', words: 'o<b>pe</b>n' }, none: null },
    ])
  })
  it('takes the page for one item, and all of a kind where they were asked for', async () => {
    const values = [
      { name: 'title', selector: 'title' },
      { name: 'totals', selector: 'td.total', many: 'all' as const },
      { name: 'no', selector: 'x', many: 'all' as const },
    ]
    expect(await run({ values, into: 'found' }, page)).toEqual({ found: { title: 'T', totals: ['5 €', '7 €'], no: [] } })
    expect(await run({ data: '<p>a<p>b', each: 'p', values: [{ name: 'it' }] })).toEqual([{ it: 'a' }, { it: 'b' }])
  })
  it('does not take a prototype for an attribute', async () => {
    const values = [{ name: 'a', selector: 'p', take: 'attribute' as const, attribute: 'constructor' }]
    expect(await run({ data: '<p __proto__="x">', values })).toEqual({ a: null })
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
  it.each<[string, Params, string]>([
    ['a selector that is none', { data: page, each: 'tr[' }, 'html.selector'],
    ['a selector that cannot be', { data: page, values: [{ name: 'a', selector: 'p::before' }] }, 'html.selector'],
    ['no text', { data: null }, 'document.not_a_text'],
    ['a huge text', { data: 'x'.repeat(11 * 1024 * 1024) }, 'document.too_large'],
    ['very many elements', { data: '<p>'.repeat(200_001) }, 'html.too_large'],
    ['deep nesting', { data: '<div>'.repeat(5_000) }, 'html.too_large'],
    ['more items than a list may have', { data: '<p>'.repeat(100_001), each: 'p' }, 'list.too_many'],
    [
      'a selector that looks at everything again and again',
      { data: '<p>'.repeat(100_000), each: 'p:nth-child(2n) ~ p:has(~ b)' },
      'html.too_much_work',
    ],
    [
      'texts inside texts',
      { data: '<div>'.repeat(400).concat('x', '</div>'.repeat(400)).repeat(400), values: [{ name: 'a', selector: 'div', many: 'all' }] },
      'html.too_much_work',
    ],
  ])('says what is wrong with %s, soon', async (_, params, code) => {
    const failure = await failureOf(() => run(params))
    expect(failure).toMatchObject({ class: 'bad_data', code })
    expect(failure.message).toMatch(/\.$/)
  })
})

describe('plain text of a page', () => {
  it('is what a person would read', async () => {
    expect(await run({ mode: 'text', data: page })).toBe('Orders of today\n1\t5 €\topen\n2\t7 €\topen\nBye\nnow')
    expect(await run({ mode: 'text', data: '  \n ' })).toBe('')
    expect(await run({ mode: 'text', data: 'a <b>b</b>c \u0000 \ud800' })).toBe('a bc \uFFFD \uFFFD')
  })
  it('is made in time linear to the page', async () => {
    for (const piece of ['<td></td>', '<b> </b>', '<br>   ', '\t \n']) await run({ mode: 'text', data: piece.repeat(100_000) })
  })
})

describe('a table for a mail', () => {
  it('refuses items that would be a huge table', async () => {
    const different = Array.from({ length: 2_500 }, (_, index) => ({ [`k${index}`]: 1 }))
    expect(await failureOf(() => run({ mode: 'table', data: different }))).toMatchObject({ code: 'table.too_many_cells' })
  })
  it('has a column for each field and escapes what the items hold', async () => {
    const data: Json = [
      { id: 1, name: '<script>"x"</script>' },
      { id: 2, more: { a: 1 } },
    ]
    expect(await run({ mode: 'table', data })).toBe(
      '<table><thead><tr><th>id</th><th>name</th><th>more</th></tr></thead><tbody><tr><td>1</td><td>&lt;script&gt;&quot;x&quot;&lt;/script&gt;</td><td></td></tr><tr><td>2</td><td></td><td>{&quot;a&quot;:1}</td></tr></tbody></table>',
    )
    expect(await run({ mode: 'table', data, columns: 'more.a' })).toContain(
      '<th>more.a</th></tr></thead><tbody><tr><td></td></tr><tr><td>1</td>',
    )
    expect(await failureOf(() => run({ mode: 'table', data: 'x' }))).toMatchObject({ code: 'list.not_a_list' })
  })
})
