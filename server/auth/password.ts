import { hash, verify } from '@node-rs/argon2'
import { ServiceError } from '@/server/services/service-error'
import { isCommonPassword } from './common-passwords'

export const passwordLength = { min: 15, max: 200 }

// OWASP's second choice for argon2id: 19 MiB, two passes. Algorithm 2 is argon2id.
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), cost)
}

let decoy: Promise<string> | null = null

/** Takes the same time for an account that does not exist. */
export async function verifyPassword(secretHash: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('no account has this password')
  const right = await verify(secretHash ?? (await decoy), password.normalize('NFKC').slice(0, 1000)).catch(() => false)
  return right && secretHash !== null
}

/** Throws with a sentence when a password may not be chosen. `about` holds what a guesser knows: e-mail, name. */
export function requireGoodPassword(password: string, about: readonly string[], pointer = '/password'): void {
  const length = [...password].length
  if (length < passwordLength.min)
    throw new ServiceError('UNPROCESSABLE', `A password needs at least ${passwordLength.min} characters; this one has ${length}.`, {
      pointer,
      limit: passwordLength.min,
      hint: 'Four or five words in a row are easy to remember.',
    })
  if (length > passwordLength.max)
    throw new ServiceError('UNPROCESSABLE', `A password has at most ${passwordLength.max} characters.`, {
      pointer,
      limit: passwordLength.max,
    })
  if (isCommonPassword(password, about))
    throw new ServiceError('UNPROCESSABLE', 'This password is one that guessers try first.', {
      pointer,
      hint: 'Take words that have nothing to do with each other, with you or with this service.',
    })
}
