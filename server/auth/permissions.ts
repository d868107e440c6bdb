import type { Role } from '@/db/schema/people'
import { part } from '@/workflows/words/part'

export const permissions = [
  'workflow.read',
  'workflow.edit',
  'workflow.publish',
  'workflow.delete',
  'run.read',
  'run.start',
  'run.cancel',
  'run.payload',
  'schedule.read',
  'schedule.edit',
  'deadletter.read',
  'deadletter.resolve',
  'task.read',
  'task.decide',
  'credential.read',
  'credential.use',
  'credential.edit',
  'variable.read',
  'variable.edit',
  'template.read',
  'template.import',
  'cost.read',
  'audit.read',
  'people.read',
  'people.manage',
  'apikey.manage',
  'settings.read',
  'settings.edit',
  'organization.delete',
] as const
export type Permission = (typeof permissions)[number]

const viewer: readonly Permission[] = [
  'workflow.read',
  'run.read',
  'schedule.read',
  'deadletter.read',
  'task.read',
  'credential.read',
  'variable.read',
  'template.read',
  'cost.read',
  'people.read',
  'settings.read',
]
const operator: readonly Permission[] = [
  ...viewer,
  'run.start',
  'run.cancel',
  'run.payload',
  'schedule.edit',
  'deadletter.resolve',
  'task.decide',
  'audit.read',
]
const builder: readonly Permission[] = [
  ...viewer,
  'run.start',
  'run.cancel',
  'run.payload',
  'schedule.edit',
  'deadletter.resolve',
  'task.decide',
  'workflow.edit',
  'workflow.publish',
  'workflow.delete',
  'credential.use',
  'credential.edit',
  'variable.edit',
  'template.import',
]

/** The one table: what each role may do. */
const byRole: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  owner: new Set(permissions),
  admin: new Set(permissions.filter((permission) => permission !== 'organization.delete')),
  builder: new Set(builder),
  operator: new Set(operator),
  viewer: new Set(viewer),
}

export function permissionsOf(role: Role): ReadonlySet<Permission> {
  return byRole[role]
}

/** What belongs to the organization as a whole: a role in a project neither gives nor takes it. */
const organizationWide: ReadonlySet<Permission> = new Set<Permission>([
  'audit.read',
  'people.read',
  'people.manage',
  'apikey.manage',
  'settings.read',
  'settings.edit',
  'organization.delete',
])

export function isOrganizationWide(permission: Permission): boolean {
  return organizationWide.has(permission)
}

export interface Roles {
  role: Role
  /** Roles in single projects; there they replace the organization's role. */
  projectRoles: ReadonlyMap<string, Role>
}

/** With a project: may they do it there? Without: may they do it in the organization as such? */
export function may(roles: Roles, permission: Permission, projectId?: string | null): boolean {
  const inProject = projectId && !organizationWide.has(permission) ? roles.projectRoles.get(projectId) : undefined
  return byRole[inProject ?? roles.role].has(permission)
}

/** May they do it anywhere: in the organization or in one project at least? Lists use it, then filter by project. */
export function mayAnywhere(roles: Roles, permission: Permission): boolean {
  if (byRole[roles.role].has(permission)) return true
  return !organizationWide.has(permission) && [...roles.projectRoles.values()].some((role) => byRole[role].has(permission))
}

const rank: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, builder: 2, admin: 3, owner: 4 }

export function isAtMost(role: Role, limit: Role): boolean {
  return rank[role] <= rank[limit]
}

export function lesserRole(one: Role, other: Role): Role {
  return rank[one] <= rank[other] ? one : other
}

/** As it stands in a sentence; a page in another language knows it by these words. */
export const roleInWords: Readonly<Record<Role, string>> = {
  owner: part`the role owner`,
  admin: part`the role admin`,
  builder: part`the role builder`,
  operator: part`the role operator`,
  viewer: part`the role viewer`,
}
