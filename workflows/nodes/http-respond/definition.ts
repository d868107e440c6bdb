import { z } from 'zod'
import type { Json } from '../../graph/schema'
import { phrase } from '../../words/spoken'
import { defineControl } from '../define'
import { keyValuesParam, numberParam, shortenExpressions, textOf } from '../params'

export const httpRespond = defineControl({
  type: 'http.respond',
  version: 1,
  control: 'respond',
  title: 'Respond',
  summary: 'Answer the system that called the webhook, then go on.',
  category: 'flow',
  icon: 'corner-down-left',
  keywords: ['answer', 'reply', 'webhook', 'response', 'return'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    status: numberParam({ min: 200, max: 599, whole: true }).default(200),
    headers: keyValuesParam.default({}),
    body: z.json().optional(),
  }),
  form: {
    status: { label: 'Status', widget: 'number', help: '200 means all is well.', example: '202' },
    body: { label: 'Body', widget: 'json', help: 'Left empty, the input is the answer.', example: '{ "orderId": "{{ input.orderId }}" }' },
    headers: { label: 'Headers', widget: 'key-values', example: 'Cache-Control = no-store', advanced: true },
  },
  examples: [{ title: 'Say that it is accepted', params: { status: 202, body: { accepted: true, order: '{{ trigger.body.orderId }}' } } }],
  subtitle: (params) => {
    const status = shortenExpressions(textOf(params.status)) || '200'
    const body = params.body === undefined || params.body === '' ? phrase`its input` : bodyInWords(params.body)
    return `${status} · ${body}`
  },
})

/** An object by the names of its fields. */
function bodyInWords(body: Json): string {
  const names = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : []
  return names.length > 0 ? names.join(', ') : shortenExpressions(textOf(body))
}
