import { z } from 'zod'
import { idOf, json, listOf, name, pageInput, pageOf, role, time, timeInput } from '@/server/services/shapes'

export const peopleList = z.strictObject({
  members: z.array(
    z.strictObject({
      membershipId: z.string(),
      userId: z.string(),
      name: z.string(),
      email: z.string().nullable(),
      role,
      status: z.enum(['active', 'suspended']),
      lastSeenAt: time.nullable(),
      projectRoles: z.array(z.strictObject({ projectId: z.string(), role })),
    }),
  ),
  invitations: z.array(
    z.strictObject({
      id: z.string(),
      email: z.string(),
      role,
      projectId: z.string().nullable(),
      invitedBy: z.string().nullable(),
      createdAt: time,
      expiresAt: time,
    }),
  ),
})
const email = z.email('This is not an e-mail address.').max(254)
const password = z.string().min(1).max(200)
export const invitePersonInput = z.strictObject({ email, role, projectId: idOf('prj').optional() })
export const invited = z.strictObject({ invitationId: z.string(), url: z.string() })
export const invitationTarget = z.strictObject({ invitationId: idOf('inv') })
export const setPersonRoleInput = z.strictObject({ userId: idOf('usr'), role })
export const personTarget = z.strictObject({ userId: idOf('usr') })
export const signOutEverywhereInput = z.strictObject({ userId: idOf('usr').optional() })
export const acceptInvitationInput = z.strictObject({
  token: z.string().min(1).max(200),
  name: name.optional(),
  password: password.optional(),
})
export const acceptedInvitation = z.strictObject({ organizationId: z.string(), slug: z.string(), email: z.string() })
export const invitationTokenInput = z.strictObject({ token: z.string().min(1).max(200) })
export const invitationDetail = z.strictObject({
  organizationName: z.string(),
  email: z.string(),
  role,
  invitedBy: z.string().nullable(),
  knownAccount: z.boolean(),
  /** Whoever has the link and forgot the password of that account may choose a new one. */
  maySetPassword: z.boolean(),
  expiresAt: time,
})
export const me = z.strictObject({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  timeZone: z.string().nullable(),
  locale: z.string().nullable(),
})
export const updateMeInput = z.strictObject({
  name: name.optional(),
  timeZone: z.string().trim().max(80).nullable().optional(),
  locale: z.string().trim().max(20).nullable().optional(),
})
export const changePasswordInput = z.strictObject({ current: password, next: password })
export const sessionList = listOf(
  z.strictObject({
    id: z.string(),
    createdAt: time,
    lastSeenAt: time,
    expiresAt: time,
    address: z.string().nullable(),
    agent: z.string().nullable(),
    current: z.boolean(),
  }),
)
export const sessionTarget = z.strictObject({ sessionId: idOf('ses') })

export const apiKeyList = listOf(
  z.strictObject({
    id: z.string(),
    name: z.string(),
    hint: z.string(),
    role,
    createdBy: z.strictObject({ id: z.string(), name: z.string() }),
    createdAt: time,
    lastUsedAt: time.nullable(),
    expiresAt: time.nullable(),
  }),
)
export const createApiKeyInput = z.strictObject({ name, role, expiresAt: timeInput.optional() })
export const apiKeyCreated = z.strictObject({ id: z.string(), token: z.string() })
export const apiKeyTarget = z.strictObject({ apiKeyId: idOf('key') })

export const listAuditInput = z.strictObject({
  /** A person's or key's id. */
  actor: z.string().max(80).optional(),
  action: z.string().max(80).optional(),
  /** A thing's id. */
  target: z.string().max(80).optional(),
  from: timeInput.optional(),
  to: timeInput.optional(),
  ...pageInput,
})
export const auditPage = pageOf(
  z.strictObject({
    id: z.string(),
    seq: z.number(),
    at: time,
    actor: z.strictObject({ kind: z.enum(['person', 'api_key', 'system']), id: z.string().nullable(), name: z.string().nullable() }),
    action: z.string(),
    target: z.strictObject({ kind: z.string(), id: z.string().nullable(), name: z.string().nullable() }),
    detail: json,
  }),
)
export const auditVerified = z.strictObject({ ok: z.boolean(), checked: z.number(), brokenAt: z.number().nullable() })
