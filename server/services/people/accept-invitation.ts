import { inOrganization } from '@/db/client'
import { acceptInvitationRow, endSessionsOf, findIdentity, organizationsOf, setSecretHash } from '@/db/definer'
import { newId } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import type { Viewer } from '@/server/auth/get-viewer'
import { hashPassword, requireGoodPassword, verifyPassword } from '@/server/auth/password'
import { throttleSignIn } from '@/server/auth/sign-in-throttle'
import { hashToken } from '@/server/auth/token'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { ServiceError } from '@/server/services/service-error'
import { invitationGone, requireOpenInvitation } from './get-invitation'

export interface AcceptInvitationInput {
  token: string
  name?: string | undefined
  password?: string | undefined
}

/**
 * Who is signed in joins as that person. Otherwise the invited address counts: without an account a name and a new password make it; with
 * one its password is asked, or replaced where the account has no rights elsewhere (see `find_invitation`).
 */
export async function acceptInvitation(
  viewer: Viewer | null,
  input: AcceptInvitationInput,
): Promise<{ organizationId: string; slug: string; email: string }> {
  const invitation = await requireOpenInvitation(input.token)
  const joining = viewer
    ? { userId: viewer.user.id, name: viewer.user.name, email: viewer.user.email, person: null, newSecretHash: null }
    : await joinerOf(invitation, input)
  await inOrganization(invitation.organizationId, async (tx) => {
    const accepted = await acceptInvitationRow(
      { tokenHash: hashToken(input.token), userId: joining.userId, person: joining.person },
      tx,
    ).catch((error: unknown) => {
      if (isUniqueViolation(error)) throw accountExists()
      throw error
    })
    if (!accepted) throw invitationGone('accepted')
    if (joining.newSecretHash) {
      await setSecretHash(joining.userId, 'password', joining.newSecretHash, tx)
      await endSessionsOf(joining.userId, {}, tx)
    }
    const by: Caller = {
      kind: 'person',
      organizationId: invitation.organizationId,
      userId: joining.userId,
      name: joining.name,
      email: joining.email,
      role: invitation.role,
      projectRoles: new Map(),
      sessionId: viewer?.session.id ?? null,
      apiKeyId: null,
      onlyProjectId: null,
      address: null,
      requestId: null,
    }
    await announce(tx, invitation.organizationId, 'people', [joining.userId])
    await recordAudit(tx, {
      by,
      action: 'person.join',
      target: { kind: 'person', id: joining.userId },
      detail: {
        role: invitation.role,
        projectId: invitation.projectId,
        invitationId: invitation.id,
        passwordReplaced: joining.newSecretHash !== null,
      },
    })
  })
  const organization = (await organizationsOf(joining.userId)).find((each) => each.id === invitation.organizationId)
  if (!organization)
    throw new ServiceError('CONFLICT', 'You were taken out of this organization at the same moment.', { hint: 'Ask for a new invitation.' })
  return { organizationId: organization.id, slug: organization.slug, email: joining.email ?? invitation.email }
}

type Open = Awaited<ReturnType<typeof requireOpenInvitation>>

async function joinerOf(invitation: Open, input: AcceptInvitationInput) {
  const email = invitation.email.toLowerCase()
  if (!input.password)
    throw new ServiceError('UNPROCESSABLE', 'A password is needed.', {
      pointer: '/password',
      hint: invitation.hasAccount ? 'Sign in first, or type the password of your account.' : 'Choose one.',
    })
  if (invitation.hasAccount) {
    const throttle = await throttleSignIn(email, null)
    const identity = await findIdentity('password', email)
    const known = await verifyPassword(identity?.secretHash ?? null, input.password)
    if (!identity || (!known && !invitation.maySetPassword))
      throw new ServiceError('UNPROCESSABLE', `${email} has an account here, and this is not its password.`, {
        pointer: '/password',
        hint: 'Type the password of that account.',
      })
    await throttle.forgive()
    if (!known) requireGoodPassword(input.password, [email, identity.name])
    const newSecretHash = known ? null : await hashPassword(input.password)
    return { userId: identity.userId, name: identity.name, email: identity.email, person: null, newSecretHash }
  }
  const name = input.name?.trim()
  if (!name) throw new ServiceError('UNPROCESSABLE', 'A name is needed: the others see it beside what you do.', { pointer: '/name' })
  requireGoodPassword(input.password, [email, name])
  return { userId: newId('usr'), name, email, person: { name, secretHash: await hashPassword(input.password) }, newSecretHash: null }
}

function accountExists(): ServiceError {
  return new ServiceError('CONFLICT', 'An account with this e-mail address was made at the same moment.', {
    hint: 'Sign in, then open the link again.',
  })
}

function isUniqueViolation(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === '23505'
}
