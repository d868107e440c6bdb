export const roles = ['owner', 'admin', 'builder', 'operator', 'viewer'] as const
export type Role = (typeof roles)[number]

/** The roles this one may give: an owner any, others none above their own. */
export function rolesBelow(role: Role): readonly Role[] {
  return roles.slice(roles.indexOf(role))
}
