import { and, eq } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { memberships } from '@/db/schema'
import type { Role } from '@/db/schema/people'
import type { Caller } from '@/server/auth/caller'
import { isAtMost, roleInWords } from '@/server/auth/permissions'
import { notFound, ServiceError } from '@/server/services/service-error'

/** The member's role, locked. Throws when there is no such member or the member stands above the caller. */
export async function requireManageable(tx: Transaction, caller: Caller, userId: string): Promise<Role> {
  const [member] = await tx
    .select({ role: memberships.role })
    .from(memberships)
    .where(and(eq(memberships.userId, userId), eq(memberships.status, 'active')))
    .for('update')
  if (!member) throw notFound('person')
  if (!isAtMost(member.role, caller.role))
    throw new ServiceError('FORBIDDEN', 'This person has a higher role than you.', { hint: 'Ask an owner of the organization.' })
  return member.role
}

/** Nobody gives away more than they have. */
export function requireGrantable(caller: Caller, role: Role): void {
  if (!isAtMost(role, caller.role))
    throw new ServiceError('FORBIDDEN', `You cannot give ${roleInWords[role]}, which is higher than yours.`, {
      pointer: '/role',
      hint: 'Choose a lower role, or ask an owner of the organization.',
    })
}

/** An organization keeps at least one owner, also when two are taken away at the same moment. */
export async function requireAnotherOwner(tx: Transaction, userId: string): Promise<void> {
  const owners = await tx
    .select({ userId: memberships.userId })
    .from(memberships)
    .where(and(eq(memberships.role, 'owner'), eq(memberships.status, 'active')))
    .orderBy(memberships.id)
    .for('update')
  if (owners.every((owner) => owner.userId === userId))
    throw new ServiceError('CONFLICT', 'This is the only owner of the organization.', { hint: 'Make somebody else an owner first.' })
}
