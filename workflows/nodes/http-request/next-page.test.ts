import { describe, expect, it } from 'vitest'
import { answerWith, failureOf, runEffect } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { httpRequest } from './definition'
import { runHttpRequest } from './executor.server'
import { nextLink } from './next-page'

const url = 'https://api.example.com/orders'

/** A service with seven orders, two on a page. */
async function all(params: Record<string, unknown>, answer: (at: URL) => { body: Json; link?: string; status?: number }) {
  const asked: string[] = []
  const { output } = await runEffect(httpRequest, runHttpRequest, { url, ...params } as never, {
    fetch: async (to) => {
      asked.push(to.replace(url, ''))
      const { body, link, status = 200 } = answer(new URL(to))
      return answerWith(status, JSON.stringify(body), { 'content-type': 'application/json', ...(link ? { link } : {}) })
    },
  })
  return { asked, output: output as { body: Json[]; pages: number; more: boolean; status: number } }
}
const seven = [1, 2, 3, 4, 5, 6, 7]
const from = (skip: number) => seven.slice(skip, skip + 2)
const number = (at: URL, name: string) => Number(at.searchParams.get(name) ?? 0)

describe('all pages of an answer', () => {
  it('are found by the Link header', async () => {
    const { asked, output } = await all({ pages: 'link' }, (at) => {
      const page = number(at, 'p')
      return { body: from(page * 2), ...(page < 3 ? { link: `<${url}?p=0>; rel="first", </orders?p=${page + 1}>; rel="next"` } : {}) }
    })
    expect(output).toMatchObject({ status: 200, body: seven, pages: 4, more: false })
    expect(asked).toEqual(['', '?p=1', '?p=2', '?p=3'])
  })
  it('are found by an address in the answer', async () => {
    const { output } = await all({ pages: 'next', pageField: 'links.next', pageItems: 'data' }, (at) => {
      const page = number(at, 'p')
      return { body: { data: from(page * 2), links: { next: page < 3 ? `http://api.example.com/orders?p=${page + 1}` : null } } }
    })
    expect(output).toMatchObject({ body: seven, pages: 4 })
  })
  it('are found by a field that goes into the query', async () => {
    const { asked, output } = await all(
      { pages: 'cursor', pageField: 'next', pageParam: 'after', pageItems: 'data', query: { a: '1' } },
      (at) => ({
        body: { data: from(number(at, 'after')), next: number(at, 'after') < 6 ? number(at, 'after') + 2 : '' },
      }),
    )
    expect(output.body).toEqual(seven)
    expect(asked).toEqual(['?a=1', '?a=1&after=2', '?a=1&after=4', '?a=1&after=6'])
  })
  it('are numbered until one is empty', async () => {
    const { asked, output } = await all({ pages: 'page' }, (at) => ({ body: from((number(at, 'page') - 1) * 2) }))
    expect(output).toMatchObject({ body: seven, pages: 5, more: false })
    expect(asked.at(0)).toBe('?page=1')
  })
  it('are found by how many items to skip', async () => {
    const { asked, output } = await all({ pages: 'offset', pageParam: 'skip' }, (at) => ({ body: from(number(at, 'skip')) }))
    expect(output.body).toEqual(seven)
    expect(asked).toEqual(['?skip=0', '?skip=2', '?skip=4', '?skip=6', '?skip=7'])
  })
  it('are as many as are allowed, and it is said that there are more', async () => {
    const { output } = await all({ pages: 'page', pageLimit: 2 }, () => ({ body: [1, 2] }))
    expect(output).toMatchObject({ body: [1, 2, 1, 2], pages: 2, more: true })
  })
  it.each([
    [{ pages: 'link' }, { body: [1], link: '<https://elsewhere.example/x>; rel=next' }, 'http.next_page'],
    [{ pages: 'link' }, { body: [1], link: `<${url}>; rel=next` }, 'http.pages_circle'],
    [{ pages: 'next', pageField: 'n' }, { body: { n: 'javascript:1' } }, 'http.page_items'],
    [{ pages: 'next', pageField: 'n', pageItems: 'd' }, { body: { n: 'javascript:1', d: [] } }, 'http.next_page'],
    [{ pages: 'page', pageItems: 'data' }, { body: { data: {} } }, 'http.page_items'],
    [{ pages: 'page', pageLimit: 1000 }, { body: new Array(60_000).fill(1) }, 'list.too_many'],
  ] as [Record<string, unknown>, { body: Json; link?: string }, string][])('%j fail with a sentence', async (params, answer, code) => {
    expect(await failureOf(() => all(params, () => answer))).toMatchObject({ code, message: expect.stringMatching(/\.$/) })
  })
  it('fail as one request does, so that all are asked for again', async () => {
    const act = () => all({ pages: 'page' }, (at) => ({ body: [1], status: number(at, 'page') > 2 ? 503 : 200 }))
    expect(await failureOf(act)).toMatchObject({ class: 'transient' })
  })
})

it.each([
  ['<a>; rel="prev next"', 'a'],
  ['<a>; title="x"; rel=next', 'a'],
  ['<a>; rel=last', null],
  ['rubbish', null],
])('the next page of %j is %j', (header, expected) => {
  expect(nextLink(header)).toBe(expected)
})
