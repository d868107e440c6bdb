import { isOrganizationWide, may, mayAnywhere, type Permission, type Roles } from '@/server/auth/permissions'
import { ServiceError } from '@/server/services/service-error'

/** Who calls, in which organization, with which rights. Services take it first. */
export interface Caller extends Roles {
  kind: 'person' | 'api_key'
  organizationId: string
  /** For an API key: who made it. */
  userId: string
  /** The person's name, or the key's. */
  name: string
  email: string | null
  sessionId: string | null
  apiKeyId: string | null
  /** A key for one project acts there only. */
  onlyProjectId: string | null
  address: string | null
  requestId: string | null
}

export function can(caller: Caller, permission: Permission, projectId?: string | null): boolean {
  if (caller.onlyProjectId && projectId !== caller.onlyProjectId) return false
  return may(caller, permission, projectId)
}

/** Before the project is known: refuses only who may do it nowhere. The service then asks again with the project. */
export function canSomewhere(caller: Caller, permission: Permission): boolean {
  if (!caller.onlyProjectId) return mayAnywhere(caller, permission)
  // A key for one project changes nothing of the organization and does not read its audit.
  if (isOrganizationWide(permission) && permission !== 'settings.read' && permission !== 'people.read') return false
  return may(caller, permission, caller.onlyProjectId)
}

/** Throws FORBIDDEN with a sentence. With `null` the thing belongs to the organization as a whole. */
export function requirePermission(caller: Caller, permission: Permission, projectId?: string | null): void {
  if (!can(caller, permission, projectId)) throw forbidden(caller, permission)
}

export function forbidden(caller: Caller, permission: Permission): ServiceError {
  return new ServiceError(
    'FORBIDDEN',
    `${caller.kind === 'api_key' ? 'This API key' : 'You'} may not do this here (it needs ${permission}).`,
    {
      hint: caller.kind === 'api_key' ? 'Use a key with a higher role.' : 'Ask an owner or admin of the organization for a higher role.',
    },
  )
}

/** Projects whose things the caller may see: a list to filter by, or null for all. `except` is left out when all but some may be seen. */
export function visibleProjects(caller: Caller, permission: Permission): { only: string[] } | { except: string[] } {
  if (caller.onlyProjectId) return { only: may(caller, permission, caller.onlyProjectId) ? [caller.onlyProjectId] : [] }
  const roles = [...caller.projectRoles.keys()]
  if (may(caller, permission)) return { except: roles.filter((projectId) => !may(caller, permission, projectId)) }
  return { only: roles.filter((projectId) => may(caller, permission, projectId)) }
}
