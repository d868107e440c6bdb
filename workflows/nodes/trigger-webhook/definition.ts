import { z } from 'zod'
import { phrase } from '../../words/spoken'
import { defineTrigger } from '../define'
import { credentialParam, fieldNames, textOf } from '../params'

export const triggerWebhook = defineTrigger({
  type: 'trigger.webhook',
  version: 1,
  title: 'Webhook',
  summary: 'Start the workflow when another system calls its address.',
  category: 'trigger',
  icon: 'webhook',
  keywords: ['http', 'url', 'endpoint', 'hook', 'request', 'github', 'stripe', 'trigger'],
  ports: { in: [], out: ['main'] },
  params: z.object({
    method: z.enum(['POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'ANY']).default('POST'),
    respond: z.enum(['at-once', 'when-finished', 'respond-node']).default('at-once'),
    auth: z.enum(['none', 'bearer', 'basic', 'header', 'hmac', 'standard-webhooks', 'github', 'stripe']).default('none'),
    credential: credentialParam,
    signatureHeader: z.string().trim().max(200).default(''),
    addresses: z.string().trim().max(2_000).default(''),
    origins: z.string().trim().max(2_000).default(''),
    deliveryIdHeader: z.string().trim().max(200).default(''),
  }),
  form: {
    method: {
      label: 'Method',
      widget: 'select',
      options: [
        { value: 'POST', label: 'POST' },
        { value: 'GET', label: 'GET' },
        { value: 'PUT', label: 'PUT' },
        { value: 'PATCH', label: 'PATCH' },
        { value: 'DELETE', label: 'DELETE' },
        { value: 'ANY', label: 'Any' },
      ],
      help: 'Calls with another method are answered with 405.',
      literal: true,
    },
    respond: {
      label: 'Answer',
      widget: 'select',
      options: [
        { value: 'at-once', label: 'At once, when the call is accepted' },
        { value: 'when-finished', label: 'When the run is finished, with its output' },
        { value: 'respond-node', label: 'From a Respond step' },
      ],
      help: 'A caller waits 30 seconds at most; after that it gets 202 and an address to ask.',
      literal: true,
    },
    auth: {
      label: 'Who may call',
      widget: 'select',
      options: [
        { value: 'none', label: 'Anyone who has the address' },
        { value: 'bearer', label: 'Callers with a bearer token' },
        { value: 'basic', label: 'Callers with a user name and password' },
        { value: 'header', label: 'Callers with a secret header' },
        { value: 'hmac', label: 'Signed with HMAC-SHA256 in a header' },
        { value: 'standard-webhooks', label: 'Signed by Standard Webhooks' },
        { value: 'github', label: 'Signed by GitHub' },
        { value: 'stripe', label: 'Signed by Stripe' },
      ],
      help: 'A call without the right token or signature is refused and starts nothing.',
      literal: true,
    },
    credential: {
      label: 'Secret',
      widget: 'credential',
      credentialTypes: ['webhook.bearer', 'webhook.basic', 'webhook.header', 'webhook.secret'],
      help: 'The token, password, header or signing secret that the caller uses.',
      showIf: { param: 'auth', is: ['bearer', 'basic', 'header', 'hmac', 'standard-webhooks', 'github', 'stripe'] },
      literal: true,
    },
    signatureHeader: {
      label: 'Header with the signature',
      widget: 'text',
      help: 'HMAC-SHA256 of the body, in hexadecimal or base64, also behind sha256=.',
      example: 'X-Shop-Hmac-Sha256',
      showIf: { param: 'auth', is: ['hmac'] },
      literal: true,
    },
    addresses: {
      label: 'Addresses that may call',
      widget: 'text',
      help: 'IP addresses or networks, with commas between them. Left empty, calls come from anywhere.',
      example: '203.0.113.7, 198.51.100.0/24',
      advanced: true,
      literal: true,
    },
    origins: {
      label: 'Web pages that may call',
      widget: 'text',
      help: 'Origins of pages whose scripts call from a browser, with commas between them; * for all.',
      example: 'https://shop.example.com',
      advanced: true,
      literal: true,
    },
    deliveryIdHeader: {
      label: 'Header with the delivery id',
      widget: 'text',
      help: 'Two calls with the same id within 30 days start one run. Left empty, the usual headers of GitHub, Stripe and Standard Webhooks are looked at.',
      example: 'X-Request-Id',
      advanced: true,
      literal: true,
    },
  },
  subtitle: (params) => phrase`${params.method === 'ANY' ? phrase`Any method` : textOf(params.method ?? 'POST')} to its address`,
  check: (params) => [
    ...(typeof params.auth === 'string' && params.auth !== 'none' && !params.credential
      ? [{ pointer: '/params/credential', code: 'param.required', message: 'Choose the secret that callers are checked with.' }]
      : []),
    ...(params.auth === 'hmac' && textOf(params.signatureHeader).trim() === ''
      ? [{ pointer: '/params/signatureHeader', code: 'param.required', message: 'Name the header that holds the signature.' }]
      : []),
    ...fieldNames(params.addresses).flatMap((one) =>
      one.length <= 60 && /^(\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?|[\da-f:.]*:[\da-f:.]*(\/\d{1,3})?)$/i.test(one)
        ? []
        : [{ pointer: '/params/addresses', code: 'webhook.address', message: `"${one.slice(0, 60)}" is no IP address or network.` }],
    ),
    ...fieldNames(params.origins).flatMap((one) =>
      one === '*' || /^https?:\/\/[^/\s]+\/?$/i.test(one)
        ? []
        : [
            {
              pointer: '/params/origins',
              code: 'webhook.origin',
              message: `"${one.slice(0, 60)}" is no origin such as https://shop.example.com.`,
            },
          ],
    ),
  ],
  sample: {
    method: 'POST',
    path: '/',
    query: {},
    headers: { 'content-type': 'application/json' },
    body: { orderId: 20418, total: 12480 },
    deliveryId: '8c1f2f5e',
  },
})
