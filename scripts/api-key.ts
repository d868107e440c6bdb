import { parseArgs } from 'node:util'
import { and, asc, eq, isNull } from 'drizzle-orm'
import { closeDatabases } from '@/db/client'
import { asOwner } from '@/db/migrate'
import { memberships, organizationRoles, organizations, users } from '@/db/schema'
import type { Role } from '@/db/schema/people'
import { config } from '@/server/config'
import { createApiKey } from '@/server/services/api-keys/create-api-key'
import { ServiceError } from '@/server/services/service-error'

const usage = 'npm run api-key -- --name <name> --role <owner|admin|builder|operator|viewer> [--organization <slug>] [--days <n>]'

function readOptions() {
  try {
    return parseArgs({
      options: { name: { type: 'string' }, role: { type: 'string' }, organization: { type: 'string' }, days: { type: 'string' } },
    }).values
  } catch {
    throw new ServiceError('BAD_REQUEST', `This cannot be read: ${usage}`)
  }
}

/** Prints a key once, made in the name of the organization's first owner. */
async function main(): Promise<void> {
  const values = readOptions()
  const role = values.role as Role
  if (!values.name || !organizationRoles.includes(role)) throw new ServiceError('BAD_REQUEST', `Give the key a name and a role: ${usage}`)
  const days = values.days === undefined ? null : Number(values.days)
  if (days !== null && !(Number.isInteger(days) && days > 0))
    throw new ServiceError('BAD_REQUEST', `--days is a number of days from 1: ${usage}`)
  const { databaseAdminUrl } = config()
  if (!databaseAdminUrl) throw new ServiceError('BAD_REQUEST', `DATABASE_ADMIN_URL is missing. Run this through ${usage}`)
  const owners = await asOwner(databaseAdminUrl, (db) =>
    db
      .select({
        organizationId: organizations.id,
        slug: organizations.slug,
        isExamples: organizations.isExamples,
        userId: users.id,
        name: users.name,
      })
      .from(organizations)
      .innerJoin(
        memberships,
        and(eq(memberships.organizationId, organizations.id), eq(memberships.role, 'owner'), eq(memberships.status, 'active')),
      )
      .innerJoin(users, eq(users.id, memberships.userId))
      .where(and(isNull(organizations.deletedAt), values.organization ? eq(organizations.slug, values.organization) : undefined))
      .orderBy(asc(organizations.isExamples), asc(organizations.id), asc(memberships.id)),
  )
  const owner = owners[0]
  if (!owner)
    throw new ServiceError(
      'NOT_FOUND',
      values.organization
        ? `There is no organization at /o/${values.organization}.`
        : 'There is no organization yet: open the set-up link that npm start printed.',
    )
  const slugs = new Set(owners.filter((each) => !each.isExamples).map((each) => each.slug))
  if (!values.organization && slugs.size > 1)
    throw new ServiceError('BAD_REQUEST', `Say which organization the key is for: --organization ${[...slugs].join(' | ')}`)
  const { token } = await createApiKey(
    {
      kind: 'person',
      organizationId: owner.organizationId,
      userId: owner.userId,
      name: owner.name,
      email: null,
      role: 'owner',
      projectRoles: new Map(),
      sessionId: null,
      apiKeyId: null,
      onlyProjectId: null,
      address: null,
      requestId: null,
    },
    { name: values.name, role, ...(days === null ? {} : { expiresAt: new Date(Date.now() + days * 86_400_000) }) },
  )
  console.log(token)
}

await main()
  .catch((error: unknown) => {
    console.error(error instanceof ServiceError ? error.message : error)
    process.exitCode = 1
  })
  .finally(closeDatabases)
