import { z } from 'zod'
import { defineEffect } from '../define'
import { credentialParam, fieldsParam, keyValuesParam, shortenExpressions, textOf, textParam } from '../params'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const

export const httpRequest = defineEffect({
  type: 'http.request',
  version: 1,
  title: 'HTTP request',
  summary: 'Call a URL and hand the response to the next step.',
  category: 'network',
  icon: 'globe',
  keywords: [
    'api',
    'rest',
    'fetch',
    'call',
    'url',
    'get',
    'post',
    'curl',
    'send',
    'mail',
    'email',
    'message',
    'notify',
    'slack',
    'teams',
    'sms',
    'download',
    'upload',
    'service',
  ],
  ports: { in: ['main'], out: ['main'] },
  tool: true,
  essence: 'body',
  timeoutMs: 30_000,
  safe: (params) => params.method === undefined || params.method === 'GET' || params.method === 'HEAD',
  idempotent: (params) => params.method === 'PUT' || params.method === 'DELETE',
  retry: { attempts: 3 },
  params: z.object({
    method: z.enum(methods).default('GET'),
    url: textParam.pipe(z.string().trim().min(1, 'Give the URL to call.')),
    query: keyValuesParam.default({}),
    headers: keyValuesParam.default({}),
    credential: credentialParam,
    bodyMode: z.enum(['none', 'fields', 'json', 'form', 'text']).default('none'),
    bodyFields: fieldsParam.default([]),
    bodyJson: z.json().default(null),
    bodyText: textParam.default(''),
    acceptAnyStatus: z.boolean().default(false),
    followRedirects: z.boolean().default(true),
  }),
  form: {
    method: { label: 'Method', widget: 'select', options: methods.map((value) => ({ value, label: value })), literal: true },
    url: { label: 'URL', widget: 'text', example: 'https://api.example.com/customers/{{ input.customerId }}' },
    credential: {
      label: 'Credential',
      widget: 'credential',
      credentialTypes: ['http.bearer', 'http.basic', 'http.header', 'http.query'],
      help: 'Added to the request on its way out, and only for the hosts that the credential allows.',
      literal: true,
    },
    query: { label: 'Query', widget: 'key-values', help: 'Added to the URL after the question mark.', example: 'status = open' },
    headers: { label: 'Headers', widget: 'key-values', example: 'Accept = application/json' },
    bodyMode: {
      label: 'Body',
      widget: 'select',
      options: [
        { value: 'none', label: 'None' },
        { value: 'fields', label: 'Fields, sent as JSON' },
        { value: 'json', label: 'JSON' },
        { value: 'form', label: 'Form, like a web page sends it' },
        { value: 'text', label: 'Text' },
      ],
      showIf: { param: 'method', is: ['POST', 'PUT', 'PATCH', 'DELETE'] },
      literal: true,
    },
    bodyFields: {
      label: 'Fields',
      widget: 'fields',
      example: 'sku = {{ input.sku }}',
      showIf: { param: 'bodyMode', is: ['fields', 'form'] },
    },
    bodyJson: {
      label: 'JSON',
      widget: 'json',
      example: '{ "sku": "{{ input.sku }}" }',
      showIf: { param: 'bodyMode', is: ['json'] },
    },
    bodyText: {
      label: 'Text',
      widget: 'textarea',
      help: 'Sent as it is. Say in a Content-Type header what it is, if it is not plain text.',
      showIf: { param: 'bodyMode', is: ['text'] },
    },
    acceptAnyStatus: {
      label: 'Accept any status',
      widget: 'toggle',
      help: 'Answers such as 404 are then a result to decide on and not a failure.',
      advanced: true,
      literal: true,
    },
    followRedirects: { label: 'Follow redirects', widget: 'toggle', help: 'Five at most.', advanced: true, literal: true },
  },
  examples: [
    {
      title: 'Look something up',
      help: 'The number comes from what came in.',
      params: { method: 'GET', url: 'https://api.example.com/customers/{{ input.customerId }}', headers: { Accept: 'application/json' } },
    },
    {
      title: 'Send fields as JSON',
      help: 'Creates something in another system; tests ask before they really send it.',
      params: {
        method: 'POST',
        url: 'https://api.example.com/orders',
        bodyMode: 'fields',
        bodyFields: [
          { name: 'sku', value: '{{ input.sku }}' },
          { name: 'quantity', value: '{{ input.quantity }}' },
        ],
      },
    },
    {
      title: 'Decide on the status yourself',
      help: 'A 404 is then a result and not a failure.',
      params: { method: 'GET', url: 'https://api.example.com/stock/{{ input.sku }}', acceptAnyStatus: true },
    },
  ],
  subtitle: (params) => `${textOf(params.method) || 'GET'} ${shortUrl(textOf(params.url))}`,
  check: (params) => {
    const url = textOf(params.url).trim()
    if (url === '' || url.startsWith('{{') || /^https?:\/\//i.test(url)) return []
    return [{ pointer: '/params/url', code: 'http.url', message: 'The URL must begin with https:// or http://.' }]
  },
  sample: { status: 200, headers: { 'content-type': 'application/json' }, body: {} },
})

/** `https://api.example.com/customers/{{ input.id }}?x=1` and `{{ vars.base }}/customers/{{ input.id }}` → `/customers/{id}`. */
function shortUrl(url: string): string {
  const short = shortenExpressions(url.trim().replace(/^\{\{[^{}]*\}\}(?=\/)/, ''))
  if (short === '') return 'no URL yet'
  const withoutQuery = short.split(/[?#]/)[0] ?? short
  const [, host, path] = /^https?:\/\/([^/]*)(.*)$/i.exec(withoutQuery) ?? []
  if (host === undefined) return withoutQuery
  return path === undefined || path === '' || path === '/' ? host : path
}
