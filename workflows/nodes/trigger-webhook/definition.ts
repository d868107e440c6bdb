import { z } from 'zod'
import { phrase } from '../../words/spoken'
import { defineTrigger } from '../define'
import { credentialParam, textOf } from '../params'

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
    auth: z.enum(['none', 'bearer', 'standard-webhooks', 'github', 'stripe']).default('none'),
    credential: credentialParam,
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
      credentialTypes: ['webhook.bearer', 'webhook.secret'],
      help: 'The token or signing secret that the caller uses.',
      showIf: { param: 'auth', is: ['bearer', 'standard-webhooks', 'github', 'stripe'] },
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
  check: (params) =>
    typeof params.auth === 'string' && params.auth !== 'none' && !params.credential
      ? [{ pointer: '/params/credential', code: 'param.required', message: 'Choose the secret that callers are checked with.' }]
      : [],
  sample: {
    method: 'POST',
    path: '/',
    query: {},
    headers: { 'content-type': 'application/json' },
    body: { orderId: 20418, total: 12480 },
    deliveryId: '8c1f2f5e',
  },
})
