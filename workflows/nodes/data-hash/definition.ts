import { z } from 'zod'
import { phrase } from '../../words/spoken'
import { defineEffect } from '../define'
import { intoField } from '../into-field'
import { fieldPathParam, shortenExpressions, textOf, textParam, valueParam } from '../params'

const algorithms = [
  { value: 'sha256', label: 'SHA-256' },
  { value: 'sha512', label: 'SHA-512' },
  { value: 'sha1', label: 'SHA-1 (only for old systems)' },
  { value: 'md5', label: 'MD5 (only for old systems)' },
] as const

/** An effect only because it needs the worker's cryptography: it changes nothing, so it may be repeated. */
export const dataHash = defineEffect({
  type: 'data.hash',
  version: 1,
  title: 'Hash',
  summary: 'Make a fingerprint of data, or sign it with a secret key.',
  category: 'data',
  icon: 'hash',
  keywords: ['sha256', 'sha512', 'md5', 'hmac', 'signature', 'checksum', 'digest', 'sign', 'crypto'],
  ports: { in: ['main'], out: ['main'] },
  timeoutMs: 5_000,
  safe: () => true,
  retry: { attempts: 1 },
  params: z.object({
    data: valueParam.optional(),
    kind: z.enum(['hash', 'hmac']).default('hash'),
    key: textParam.optional(),
    algorithm: z.enum(['sha256', 'sha512', 'sha1', 'md5']).default('sha256'),
    encoding: z.enum(['hex', 'base64', 'base64url']).default('hex'),
    into: fieldPathParam.default(''),
  }),
  form: {
    data: {
      label: 'Of',
      widget: 'expression',
      help: 'A text is taken as it is, anything else as JSON with its fields in order. Left empty, the input.',
      example: '{{ input.email }}',
    },
    kind: {
      label: 'Make',
      widget: 'select',
      options: [
        { value: 'hash', label: 'A fingerprint' },
        { value: 'hmac', label: 'A signature with a key (HMAC)' },
      ],
      literal: true,
    },
    key: {
      label: 'Key',
      widget: 'text',
      help: 'Not shown in runs.',
      example: '{{ vars.signing_key }}',
      showIf: { param: 'kind', is: ['hmac'] },
      sensitive: true,
    },
    algorithm: { label: 'Algorithm', widget: 'select', options: algorithms, literal: true },
    encoding: {
      label: 'Written as',
      widget: 'select',
      options: [
        { value: 'hex', label: 'Hexadecimal' },
        { value: 'base64', label: 'Base64' },
        { value: 'base64url', label: 'Base64 for URLs' },
      ],
      literal: true,
    },
    into: intoField,
  },
  subtitle: (params) => {
    const algorithm = algorithms.find((one) => one.value === (params.algorithm ?? 'sha256'))?.label.split(' ')[0] ?? ''
    return phrase`${params.kind === 'hmac' ? `HMAC ${algorithm}` : algorithm} of ${shortenExpressions(textOf(params.data)) || phrase`the input`}`
  },
  check: (params) =>
    params.kind === 'hmac' && textOf(params.key) === ''
      ? [{ pointer: '/params/key', code: 'param.required', message: 'Give the key that the signature is made with.' }]
      : [],
  sample: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
})
