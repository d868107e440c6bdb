import { createHmac } from 'node:crypto'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { addressBlock } from '@/server/auth/address'
import { config } from '@/server/config'
import { ServiceError } from '@/server/services/service-error'

const minutes = 60

// An account is throttled per address first, so that a stranger's guesses do not keep its owner out.
const limits = {
  pair: new RateLimiterMemory({ keyPrefix: 'pair', points: 8, duration: 10 * minutes }),
  address: new RateLimiterMemory({ keyPrefix: 'address', points: 60, duration: 10 * minutes }),
  account: new RateLimiterMemory({ keyPrefix: 'account', points: 200, duration: 60 * minutes }),
}

/**
 * Counts one attempt; throws TOO_MANY_REQUESTS with the seconds to wait. `forgive` is called when the password was right. Without an
 * address only the account counts: one that all share would let whoever guesses keep everybody out.
 */
export async function throttleSignIn(account: string, address: string | null): Promise<{ forgive(): Promise<void> }> {
  const block = addressBlock(address)
  const keys = { pair: digest(`${account}\n${block}`), address: digest(block), account: digest(account) }
  for (const name of address === null ? (['pair', 'account'] as const) : (['address', 'pair', 'account'] as const)) {
    await limits[name].consume(keys[name]).catch((refused: unknown) => {
      if (!(refused instanceof RateLimiterRes)) throw refused
      const seconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000))
      throw new ServiceError('TOO_MANY_REQUESTS', 'There were too many attempts to sign in.', {
        retryAfterSeconds: seconds,
        hint: `Wait ${seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`}, then try again.`,
      })
    })
  }
  return {
    async forgive() {
      await Promise.all([
        limits.pair.delete(keys.pair),
        address === null ? null : limits.address.reward(keys.address),
        limits.account.reward(keys.account),
      ])
    },
  }
}

/** Addresses and accounts are not kept as such, not even in memory. */
function digest(text: string): string {
  return createHmac('sha256', config().secret).update(text).digest('base64url')
}
