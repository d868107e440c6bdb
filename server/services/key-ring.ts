import { config } from '@/server/config'
import { type KeyRing, keyRingOf, openSecret, type SealContext, type SealedSecret, sealSecret } from '@/server/net/encryption'

/** The key-encryption keys of this instance. */
export function keyRing(): KeyRing {
  return keyRingOf(config().kek.toString('base64'))
}

/** A sealed text in one column. */
export function sealPacked(plain: string, context: SealContext): Uint8Array {
  const { secret, wrappedKey, keyVersion } = sealSecret(plain, context, keyRing())
  return Buffer.from(JSON.stringify({ s: secret.toString('base64'), w: wrappedKey.toString('base64'), v: keyVersion }))
}

export function openPacked(packed: Uint8Array, context: SealContext): string {
  const { s, w, v } = JSON.parse(Buffer.from(packed).toString('utf8')) as { s: string; w: string; v: number }
  const sealed: SealedSecret = { secret: Buffer.from(s, 'base64'), wrappedKey: Buffer.from(w, 'base64'), keyVersion: v }
  return openSecret(sealed, context, keyRing())
}
