import type { Json } from '../../graph/schema'
import { NodeError } from '../errors'
import { createFieldReader } from '../field-at'

type Paging = 'none' | 'link' | 'next' | 'cursor' | 'page' | 'offset'

interface PageRules {
  pages: Paging
  pageField: string
  pageParam: string
  pageFrom?: number | undefined
  pageItems: string
}

const usualParam: Partial<Record<Paging, string>> = { cursor: 'cursor', page: 'page', offset: 'offset' }

/** Where pages are counted, the address of the first one says so already. */
export function firstPage(url: string, rules: PageRules): string {
  return rules.pages === 'page' || rules.pages === 'offset'
    ? withParam(url, rules, rules.pageFrom ?? (rules.pages === 'page' ? 1 : 0))
    : url
}

/** The items of an answer: the list at its field, or the answer itself. */
export function itemsOf(body: Json, { pageItems }: PageRules): Json[] {
  const found = createFieldReader(pageItems)(body)
  if (Array.isArray(found)) return found
  throw new NodeError({
    class: 'bad_data',
    code: 'http.page_items',
    message: pageItems === '' ? 'The answer is no list, so its items cannot be put together.' : `The answer has no list in "${pageItems}".`,
    hint: 'Name the field of the answer that holds the items, for example data.items.',
    pointer: '/params/pageItems',
  })
}

/** The address of the page behind this one; null where there is none. */
export function nextPage(
  url: string,
  answer: { headers: Record<string, string>; body: Json; items: readonly Json[]; soFar: number; asked: number },
  rules: PageRules,
): string | null {
  switch (rules.pages) {
    case 'none':
      return null
    case 'link':
      return resolved(url, nextLink(answer.headers.link ?? ''))
    case 'next':
      return resolved(url, textOrNull(createFieldReader(rules.pageField)(answer.body)))
    case 'cursor': {
      const cursor = textOrNull(createFieldReader(rules.pageField)(answer.body))
      return cursor === null ? null : withParam(url, rules, cursor)
    }
    case 'page':
      return answer.items.length === 0 ? null : withParam(url, rules, (rules.pageFrom ?? 1) + answer.asked)
    case 'offset':
      return answer.items.length === 0 ? null : withParam(url, rules, (rules.pageFrom ?? 0) + answer.soFar)
  }
}

function withParam(url: string, { pages, pageParam }: PageRules, value: string | number): string {
  const made = new URL(url)
  made.searchParams.set(pageParam.trim() || (usualParam[pages] ?? 'page'), String(value))
  return made.href
}

/** `<https://…?page=2>; rel="next"`, among others. */
export function nextLink(header: string): string | null {
  for (const [, target = '', rest = ''] of header.matchAll(/<([^>]*)>([^<]*)/g)) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(rest)
    if ((rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return target
  }
  return null
}

/** Only on the same host: what the request carries is meant for it alone. */
function resolved(url: string, next: string | null): string | null {
  if (next === null) return null
  const from = new URL(url)
  const to = URL.canParse(next, from) ? new URL(next, from) : null
  if (to && from.protocol === 'https:') to.protocol = 'https:'
  if (to && to.host === from.host && /^https?:$/.test(to.protocol)) return to.href
  throw new NodeError({
    class: 'bad_data',
    code: 'http.next_page',
    message: `The next page is said to be at "${next.slice(0, 200)}", which is not on ${from.host}.`,
    hint: 'Pages are only asked for at the host of the first one.',
    pointer: '/params/pages',
  })
}

function textOrNull(value: Json | undefined): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value : null
}
