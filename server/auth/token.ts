import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits, safe in addresses and cookies. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Tables hold only this. The token has full entropy, so that a plain hash is enough. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}
