import { config } from '@/server/config'
import { completeSetup } from './complete-setup'
import { createSetupToken } from './create-setup-token'

/**
 * With MILLRACE_OWNER_EMAIL and MILLRACE_OWNER_PASSWORD the owner is made without a link, with the examples where MILLRACE_EXAMPLES=1.
 * Answers null where they are not set or somebody has an account already. Throws ServiceError for a password that is refused.
 */
export async function setUpUnattended(): Promise<{ organizationId: string; slug: string } | null> {
  const { owner, examples } = config()
  if (!owner) return null
  const token = await createSetupToken()
  if (!token) return null
  return completeSetup({
    token,
    name: owner.email.split('@')[0] || 'Owner',
    email: owner.email,
    password: owner.password,
    organizationName: 'My organization',
    examples: examples ? 'hand-over' : 'remove',
  })
}
