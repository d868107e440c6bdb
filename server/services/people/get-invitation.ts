import { findInvitation } from '@/db/definer'
import { hashToken } from '@/server/auth/token'
import { notFound, ServiceError } from '@/server/services/service-error'

/** What a link invites to. Throws GONE when it was used, taken back or is over. */
export async function getInvitation(input: { token: string }) {
  const invitation = await requireOpenInvitation(input.token)
  return {
    organizationName: invitation.organizationName,
    email: invitation.email,
    role: invitation.role,
    invitedBy: invitation.invitedBy,
    knownAccount: invitation.hasAccount,
    maySetPassword: invitation.maySetPassword,
    expiresAt: invitation.expiresAt,
  }
}

export async function requireOpenInvitation(token: string) {
  const invitation = await findInvitation(hashToken(token))
  if (!invitation) throw notFound('invitation')
  if (invitation.state !== 'open') throw invitationGone(invitation.state)
  return invitation
}

export function invitationGone(state: 'accepted' | 'revoked' | 'expired'): ServiceError {
  const sentence = {
    accepted: 'This invitation was used already; it works once.',
    revoked: 'This invitation was taken back.',
    expired: 'This invitation is over; it is good for seven days.',
  }[state]
  return new ServiceError('GONE', sentence, { hint: state === 'accepted' ? 'Sign in.' : 'Ask for a new one.' })
}
