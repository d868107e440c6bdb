import { createHash, createHmac } from 'node:crypto'
import { canonicalJson } from '../../graph/content-hash'
import { defineExecutor } from '../define'
import { requireDocumentSize } from '../document-text'
import { NodeError } from '../errors'
import { putInto } from '../into-field'
import { dataHash } from './definition'

export const runDataHash = defineExecutor(dataHash, async ({ params, input }) => {
  const { kind, key, algorithm, encoding, into } = params
  const data = params.data === undefined ? input : params.data
  requireDocumentSize(data, 'data', '/params/data')
  const text = typeof data === 'string' ? data : canonicalJson(data)
  if (kind === 'hmac' && !key) {
    throw new NodeError({
      class: 'bad_data',
      code: 'hash.no_key',
      message: 'There is no key to sign with.',
      hint: 'Check the expression in "Key" and that the variable behind it has a value.',
      pointer: '/params/key',
    })
  }
  const hash = kind === 'hmac' ? createHmac(algorithm, key ?? '') : createHash(algorithm)
  return { port: 'main', output: putInto(input, into, hash.update(text, 'utf8').digest(encoding)) }
})
