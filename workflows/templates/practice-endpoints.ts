import type { Json } from '../graph/schema'

export interface PracticeResponse {
  status: number
  headers: Record<string, string>
  /** JSON, to be serialised by whoever sends it. */
  body: Json
}

/** How often each key of the flaky endpoint was called; the caller may keep one for each test. */
export type FlakyCounts = Map<string, number>

const rememberedKeys = 1_000
const shared: FlakyCounts = new Map()

/**
 * The made-up services that templates call, under `/practice`: the same question gets the same answer, nothing is stored or sent.
 * `body` is what was parsed from the request, null without one.
 */
export function answerPractice(
  method: string,
  path: string,
  query: Readonly<Record<string, string>>,
  body: Json,
  counts: FlakyCounts = shared,
): PracticeResponse {
  const [root, name = '', detail, ...rest] = path.split('/').filter((part) => part !== '')
  if (root !== 'practice' || rest.length > 0) return notFound()
  const reads = method === 'GET' || method === 'HEAD'
  switch (name) {
    case 'stock':
      return !reads ? notAllowed('GET') : detail === undefined ? notFound() : stockOf(decode(detail))
    case 'orders':
      if (reads) return ok(orders)
      return method === 'POST' ? accept(body, 'ORD', ['sku']) : notAllowed('GET, POST')
    case 'companies':
      return reads ? companyOf(query.name ?? '') : notAllowed('GET')
    case 'suppliers':
      return reads ? supplierOf(query.name ?? '') : notAllowed('GET')
    case 'payments':
      return method === 'POST' ? accept(body, 'PAY', ['amount']) : notAllowed('POST')
    case 'messages':
      return method === 'POST' ? accept(body, 'MSG', ['text']) : notAllowed('POST')
    case 'status':
      return statusAsAsked(query.code ?? '200')
    case 'flaky':
      return flaky(query, counts)
    case 'echo':
      return ok({ method, query: { ...query }, body })
    default:
      return notFound()
  }
}

const products: readonly { sku: string; name: string; priceCents: number; available: number }[] = [
  { sku: 'LAMP-01', name: 'Desk lamp', priceCents: 4_900, available: 12 },
  { sku: 'CHAIR-07', name: 'Office chair', priceCents: 18_900, available: 3 },
  { sku: 'DESK-02', name: 'Standing desk', priceCents: 54_900, available: 0 },
]

const orders: Json = [
  { id: 20_411, customer: 'Baker & Sons', total: 1_249, status: 'paid', country: 'NL' },
  { id: 20_412, customer: 'Ocean Tools', total: 310.5, status: 'paid', country: 'DE' },
  { id: 20_413, customer: 'Lumen Studio', total: 89, status: 'open', country: 'BE' },
  { id: 20_414, customer: 'Northwind', total: 2_780, status: 'paid', country: 'NL' },
  { id: 20_415, customer: 'Fern Garden', total: 45.9, status: 'cancelled', country: 'FR' },
  { id: 20_416, customer: 'Atlas Print', total: 620, status: 'paid', country: 'LU' },
]

function stockOf(sku: string): PracticeResponse {
  const known = products.find((product) => product.sku === sku.toUpperCase())
  if (known) return ok({ ...known })
  return problem(404, 'unknown_sku', `There is no article ${sku.slice(0, 60)}. Try ${products.map((product) => product.sku).join(', ')}.`)
}

function companyOf(name: string): PracticeResponse {
  const trimmed = name.trim().slice(0, 120)
  if (trimmed === '') return problem(422, 'name_missing', 'Say which company: ?name=Northwind')
  const number = numberFrom(trimmed)
  const industries = ['Wholesale', 'Manufacturing', 'Software', 'Logistics', 'Retail']
  return ok({
    name: trimmed,
    employees: 5 + (number % 900),
    industry: industries[number % industries.length] ?? 'Retail',
    customerSince: number % 3 === 0 ? 2019 : null,
  })
}

function supplierOf(name: string): PracticeResponse {
  const trimmed = name.trim().slice(0, 120)
  if (trimmed === '') return problem(422, 'name_missing', 'Say which supplier: ?name=Paper%20House')
  const number = numberFrom(trimmed)
  return ok({
    name: trimmed,
    known: number % 4 !== 0,
    paidInvoices: number % 60,
    iban: `NL00PRAC${String(number % 10_000_000_000).padStart(10, '0')}`,
  })
}

/** Takes what was sent and gives it a number that depends on nothing but its content. */
function accept(body: Json, prefix: string, required: readonly string[]): PracticeResponse {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return problem(400, 'not_an_object', 'Send a JSON object.')
  const missing = required.filter((field) => !Object.hasOwn(body, field) || body[field] === null || body[field] === '')
  if (missing.length > 0) return problem(422, 'field_missing', `These fields are missing: ${missing.join(', ')}.`)
  const number = numberFrom(JSON.stringify(body)) % 100_000
  return { status: 201, headers: json, body: { id: `${prefix}-${String(number).padStart(5, '0')}`, accepted: true, received: body } }
}

function statusAsAsked(code: string): PracticeResponse {
  const status = Number(code)
  if (!Number.isInteger(status) || status < 200 || status > 599)
    return problem(400, 'bad_code', 'Ask for a status from 200 to 599: ?code=503')
  const headers = status === 429 || status === 503 ? { ...json, 'retry-after': '1' } : json
  return { status, headers, body: status === 204 || status === 304 ? null : { status, ok: status < 400, practice: true } }
}

function flaky(query: Readonly<Record<string, string>>, counts: FlakyCounts): PracticeResponse {
  const key = (query.key ?? '').slice(0, 200)
  const fails = Number(query.fails ?? '2')
  if (key === '' || !Number.isInteger(fails) || fails < 0 || fails > 20) {
    return problem(400, 'bad_query', 'Give a key and how often it fails, 0 to 20: ?key=demo&fails=2')
  }
  const call = (counts.get(key) ?? 0) + 1
  counts.delete(key)
  counts.set(key, call)
  if (counts.size > rememberedKeys) counts.delete(counts.keys().next().value as string)
  if (call > fails) return ok({ ok: true, call, failedBefore: fails })
  return { status: 503, headers: json, body: { ok: false, call, message: `Failing on purpose, ${fails - call} more to go.` } }
}

const json = { 'content-type': 'application/json', 'cache-control': 'no-store' }

function ok(body: Json): PracticeResponse {
  return { status: 200, headers: json, body }
}

function problem(status: number, code: string, detail: string): PracticeResponse {
  return { status, headers: json, body: { status, code, detail } }
}

function notFound(): PracticeResponse {
  return problem(
    404,
    'unknown_endpoint',
    'Practice has stock/<sku>, orders, companies, suppliers, payments, messages, status, flaky and echo.',
  )
}

function notAllowed(allow: string): PracticeResponse {
  const response = problem(405, 'method_not_allowed', `This practice endpoint answers ${allow}.`)
  return { ...response, headers: { ...response.headers, allow } }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** FNV-1a, so that made-up figures stay the same for the same name. */
function numberFrom(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0
  return hash
}
