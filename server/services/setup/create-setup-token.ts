import { createSetupToken as storeSetupToken } from '@/db/definer'
import { hashToken, newToken } from '@/server/auth/token'

/** For the link that the first start prints: works once, and ends the one printed before. Null when somebody has an account already. */
export async function createSetupToken(): Promise<string | null> {
  const token = newToken()
  return (await storeSetupToken(hashToken(token))) ? token : null
}
