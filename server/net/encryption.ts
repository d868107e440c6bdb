import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** AES-256-GCM: a data key per secret, wrapped by the key-encryption key; both are bound to organization, owner and key version. */
export interface SealedSecret {
  secret: Buffer
  wrappedKey: Buffer
  keyVersion: number
}

export interface SealContext {
  organizationId: string
  /** The row that holds the secret, so that sealed values cannot be swapped between rows. */
  ownerId: string
}

/** Key-encryption keys by version, 32 bytes each; `current` seals. */
export interface KeyRing {
  current: number
  keys: ReadonlyMap<number, Uint8Array>
}

export function sealSecret(plain: string, context: SealContext, ring: KeyRing): SealedSecret {
  const dataKey = randomBytes(32)
  const bound = boundTo(context, ring.current)
  return {
    secret: encrypt(Buffer.from(plain, 'utf8'), dataKey, bound),
    wrappedKey: encrypt(dataKey, keyOf(ring, ring.current), bound),
    keyVersion: ring.current,
  }
}

/** Throws when anything was changed or belongs to another organization, row or key. */
export function openSecret(sealed: SealedSecret, context: SealContext, ring: KeyRing): string {
  const bound = boundTo(context, sealed.keyVersion)
  const dataKey = decrypt(sealed.wrappedKey, keyOf(ring, sealed.keyVersion), bound)
  return decrypt(sealed.secret, dataKey, bound).toString('utf8')
}

/** Wraps the data key anew with the current key; the secret itself is sealed again because its version is part of what it is bound to. */
export function rewrapSecret(sealed: SealedSecret, context: SealContext, ring: KeyRing): SealedSecret {
  return sealSecret(openSecret(sealed, context, ring), context, ring)
}

/** A ring of one key from its base64 text. */
export function keyRingOf(base64: string, version = 1): KeyRing {
  const key = Buffer.from(base64, 'base64')
  if (key.length !== 32) throw new Error('The key-encryption key must be 32 bytes in base64.')
  return { current: version, keys: new Map([[version, key]]) }
}

function boundTo({ organizationId, ownerId }: SealContext, keyVersion: number): Buffer {
  return Buffer.from(JSON.stringify(['millrace.secret', organizationId, ownerId, keyVersion]))
}

function keyOf(ring: KeyRing, version: number): Uint8Array {
  const key = ring.keys.get(version)
  if (!key) throw new Error(`The key-encryption key with version ${version} is not configured.`)
  return key
}

function encrypt(plain: Uint8Array, key: Uint8Array, bound: Uint8Array): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(bound)
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

function decrypt(sealed: Uint8Array, key: Uint8Array, bound: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 })
  decipher.setAAD(bound)
  decipher.setAuthTag(sealed.subarray(12, 28))
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()])
}
