import { findApiKey, findMembership } from '@/db/definer'
import { isId } from '@/db/ids'
import type { Role } from '@/db/schema/people'
import type { Caller } from '@/server/auth/caller'
import type { Viewer } from '@/server/auth/get-viewer'
import { lesserRole } from '@/server/auth/permissions'
import { hashToken } from '@/server/auth/token'
import { notFound } from '@/server/services/service-error'

export interface RequestMark {
  address?: string | null
  requestId?: string | null
}

/** The signed-in person in one organization. Throws NOT_FOUND when it is not theirs, exactly as for one that does not exist. */
export async function callerOfViewer(viewer: Viewer, organizationId: string, mark: RequestMark = {}): Promise<Caller> {
  const membership = isId(organizationId, 'org') ? await findMembership(viewer.user.id, organizationId) : null
  if (!membership) throw notFound('organization')
  return personIn(viewer, organizationId, membership.role, membership.projectRoles, mark)
}

/** Without asking the database: for somebody who just became a member. */
export function personIn(
  viewer: Viewer,
  organizationId: string,
  role: Role,
  projectRoles: ReadonlyMap<string, Role> = new Map(),
  mark: RequestMark = {},
): Caller {
  return {
    kind: 'person',
    organizationId,
    userId: viewer.user.id,
    name: viewer.user.name,
    email: viewer.user.email,
    role,
    projectRoles,
    sessionId: viewer.session.id,
    apiKeyId: null,
    onlyProjectId: null,
    address: mark.address ?? null,
    requestId: mark.requestId ?? null,
  }
}

/** Who an API key acts for, or null when it is unknown, revoked or over. Its rights are the lesser of its own and its maker's. */
export async function callerOfApiKey(token: string, mark: RequestMark = {}): Promise<Caller | null> {
  if (!/^mr_[A-Za-z0-9_-]{43}$/.test(token)) return null
  const key = await findApiKey(hashToken(token))
  if (!key) return null
  return {
    kind: 'api_key',
    organizationId: key.organizationId,
    userId: key.createdBy,
    name: key.name,
    email: null,
    role: lesserRole(key.role, key.maker.role),
    projectRoles: new Map([...key.maker.projectRoles].map(([projectId, role]) => [projectId, lesserRole(key.role, role)])),
    sessionId: null,
    apiKeyId: key.id,
    onlyProjectId: key.projectId,
    address: mark.address ?? null,
    requestId: mark.requestId ?? null,
  }
}
