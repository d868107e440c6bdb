import { z } from 'zod'
import { phrase } from '../../words/spoken'
import { defineEffect } from '../define'
import {
  credentialParam,
  fieldPathParam,
  fieldsParam,
  keyValuesParam,
  numberParam,
  shortenExpressions,
  textOf,
  textParam,
  valueParam,
} from '../params'

/** A name that stands in the query several times has a list. */
const queryParam = z.record(z.string(), z.union([textParam, z.array(z.union([textParam, z.null()])), z.null()]))
const counted = { param: 'pages', is: ['page', 'offset'] }
const inPages = { param: 'pages', is: ['link', 'next', 'cursor', 'page', 'offset'] }

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const

export const httpRequest = defineEffect({
  type: 'http.request',
  version: 1,
  fromCurl: ['method', 'url', 'query', 'headers', 'bodyMode', 'bodyFields', 'bodyJson', 'bodyText'],
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
    'graphql',
    'store',
    'save',
    'database',
    'sheets',
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
    query: queryParam.default({}),
    headers: keyValuesParam.default({}),
    credential: credentialParam,
    bodyMode: z.enum(['none', 'fields', 'json', 'form', 'multipart', 'text', 'file']).default('none'),
    bodyFields: fieldsParam.default([]),
    bodyJson: z.json().default(null),
    bodyText: textParam.default(''),
    bodyFile: valueParam.optional(),
    pages: z.enum(['none', 'link', 'next', 'cursor', 'page', 'offset']).default('none'),
    pageField: fieldPathParam.default(''),
    pageParam: textParam.pipe(z.string().max(200)).default(''),
    pageFrom: numberParam({ min: 0, max: 1_000_000_000, whole: true }).optional(),
    pageItems: fieldPathParam.default(''),
    pageLimit: numberParam({ min: 1, max: 1_000, whole: true }).default(100),
    readAs: z.enum(['auto', 'json', 'text', 'file']).default('auto'),
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
    query: {
      label: 'Query',
      widget: 'key-values',
      help: 'Added to the URL after the question mark. A list repeats the name.',
      example: 'status = open',
    },
    headers: { label: 'Headers', widget: 'key-values', example: 'Accept = application/json' },
    bodyMode: {
      label: 'Body',
      widget: 'select',
      options: [
        { value: 'none', label: 'None' },
        { value: 'fields', label: 'Fields, sent as JSON' },
        { value: 'json', label: 'JSON' },
        { value: 'form', label: 'Form, like a web page sends it' },
        { value: 'multipart', label: 'Form with files' },
        { value: 'text', label: 'Text' },
        { value: 'file', label: 'A file' },
      ],
      showIf: { param: 'method', is: ['POST', 'PUT', 'PATCH', 'DELETE'] },
      literal: true,
    },
    bodyFields: {
      label: 'Fields',
      widget: 'fields',
      help: 'In a form with files, the body of an answer that was a file is sent as one.',
      example: 'sku = {{ input.sku }}',
      showIf: { param: 'bodyMode', is: ['fields', 'form', 'multipart'] },
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
    bodyFile: {
      label: 'File',
      widget: 'expression',
      help: 'The body of an answer that was a file, or an object with base64 and contentType.',
      example: '{{ steps.download.body }}',
      showIf: { param: 'bodyMode', is: ['file'] },
    },
    pages: {
      label: 'Answer in pages',
      widget: 'select',
      options: [
        { value: 'none', label: 'Only what one request gives' },
        { value: 'link', label: 'All pages: the Link header names the next one' },
        { value: 'next', label: 'All pages: a field has the address of the next one' },
        { value: 'cursor', label: 'All pages: a field goes into the query of the next one' },
        { value: 'page', label: 'All pages: they are numbered' },
        { value: 'offset', label: 'All pages: so many items are skipped' },
      ],
      help: 'The items of all pages come as one list in the body.',
      showIf: { param: 'method', is: ['GET'] },
      advanced: true,
      literal: true,
    },
    pageItems: {
      label: 'Field with the items',
      widget: 'text',
      help: 'Left empty, each answer is the list itself.',
      example: 'data.items',
      showIf: inPages,
      advanced: true,
      literal: true,
    },
    pageField: {
      label: 'Field for the next page',
      widget: 'text',
      help: 'There is no next page where it is missing or empty.',
      example: 'meta.next_cursor',
      showIf: { param: 'pages', is: ['next', 'cursor'] },
      advanced: true,
      literal: true,
    },
    pageParam: {
      label: 'Name in the query',
      widget: 'text',
      help: 'Left empty: cursor, page or offset.',
      example: 'page',
      showIf: { param: 'pages', is: ['cursor', 'page', 'offset'] },
      advanced: true,
      literal: true,
    },
    pageFrom: {
      label: 'Counted from',
      widget: 'number',
      help: 'Left empty, pages from 1 and skipped items from 0.',
      showIf: counted,
      advanced: true,
    },
    pageLimit: { label: 'Pages at most', widget: 'number', help: '1000 at most.', showIf: inPages, advanced: true },
    readAs: {
      label: 'Read the answer as',
      widget: 'select',
      options: [
        { value: 'auto', label: 'What it says it is' },
        { value: 'json', label: 'JSON' },
        { value: 'text', label: 'Text' },
        { value: 'file', label: 'A file' },
      ],
      advanced: true,
      literal: true,
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
      title: 'Get all pages of a list',
      help: 'Each answer names the next page; all items come as one list.',
      params: {
        method: 'GET',
        url: 'https://api.example.com/orders',
        query: { limit: '100' },
        pages: 'cursor',
        pageItems: 'data',
        pageField: 'meta.next_cursor',
      },
    },
    {
      title: 'Decide on the status yourself',
      help: 'A 404 is then a result and not a failure.',
      params: { method: 'GET', url: 'https://api.example.com/stock/{{ input.sku }}', acceptAnyStatus: true },
    },
  ],
  subtitle: (params) => {
    const method = textOf(params.method) || 'GET'
    const url = shortUrl(textOf(params.url))
    return url === '' ? phrase`${method}, no URL yet` : `${method} ${url}`
  },
  check: (params) => {
    const url = textOf(params.url).trim()
    const isUrl = url === '' || url.startsWith('{{') || /^https?:\/\//i.test(url)
    const needsField = (params.pages === 'next' || params.pages === 'cursor') && textOf(params.pageField).trim() === ''
    return [
      ...(isUrl ? [] : [{ pointer: '/params/url', code: 'http.url', message: 'The URL must begin with https:// or http://.' }]),
      ...(needsField
        ? [{ pointer: '/params/pageField', code: 'param.required', message: 'Name the field of the answer that leads to the next page.' }]
        : []),
    ]
  },
  sample: { status: 200, headers: { 'content-type': 'application/json' }, body: {} },
})

/** `https://api.example.com/customers/{{ input.id }}?x=1` and `{{ vars.base }}/customers/{{ input.id }}` → `/customers/{id}`. */
function shortUrl(url: string): string {
  const short = shortenExpressions(url.trim().replace(/^\{\{[^{}]*\}\}(?=\/)/, ''))
  const withoutQuery = short.split(/[?#]/)[0] ?? short
  const [, host, path] = /^https?:\/\/([^/]*)(.*)$/i.exec(withoutQuery) ?? []
  if (host === undefined) return withoutQuery
  return path === undefined || path === '' || path === '/' ? host : path
}
