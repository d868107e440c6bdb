import { createHmac, timingSafeEqual } from 'node:crypto'
import { fromUuid, toUuid } from '@/db/ids'
import { config } from '@/server/config'

export interface CallbackTarget {
  organizationId: string
  runId: string
  path: string
}

const macBytes = 16

/**
 * The address that ends the wait of one step of one run. It follows from both and this instance's secret, so it can be handed out before
 * the step is there and is stored nowhere; 128 bits of it cannot be guessed.
 */
export function callbackUrl(target: CallbackTarget): string {
  return `${config().url}/callbacks/${callbackToken(target)}`
}

export function callbackToken({ organizationId, runId, path }: CallbackTarget): string {
  const ids = Buffer.from((toUuid(organizationId, 'org') + toUuid(runId, 'run')).replaceAll('-', ''), 'hex')
  const where = Buffer.from(path, 'utf8')
  return Buffer.concat([ids, macOf(ids, where), where]).toString('base64url')
}

/** Null for anything that was not made here. */
export function readCallbackToken(token: string): CallbackTarget | null {
  if (!/^[A-Za-z0-9_-]{65,800}$/.test(token)) return null
  const bytes = Buffer.from(token, 'base64url')
  const ids = bytes.subarray(0, 32)
  const where = bytes.subarray(32 + macBytes)
  // Another spelling of the same bytes is not the address that was handed out.
  if (bytes.toString('base64url') !== token || !timingSafeEqual(bytes.subarray(32, 32 + macBytes), macOf(ids, where))) return null
  const uuid = (part: Buffer) => {
    const hex = part.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
  return {
    organizationId: fromUuid('org', uuid(ids.subarray(0, 16))),
    runId: fromUuid('run', uuid(ids.subarray(16, 32))),
    path: where.toString('utf8'),
  }
}

function macOf(ids: Buffer, where: Buffer): Buffer {
  const key = createHmac('sha256', config().secret).update('millrace:callback').digest()
  return createHmac('sha256', key).update(ids).update(where).digest().subarray(0, macBytes)
}
