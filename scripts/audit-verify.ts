import { asc } from 'drizzle-orm'
import { closeDatabases } from '@/db/client'
import { asOwner } from '@/db/migrate'
import { organizations } from '@/db/schema'
import { config } from '@/server/config'
import { verifyAudit } from '@/server/services/audit/verify-audit'

/** Checks the chain of every organization; exit code 1 when one is broken. */
async function main(): Promise<void> {
  const { databaseAdminUrl } = config()
  if (!databaseAdminUrl) throw new Error('DATABASE_ADMIN_URL is missing. Run this through npm run audit:verify.')
  const all = await asOwner(databaseAdminUrl, (db) =>
    db.select({ id: organizations.id, name: organizations.name }).from(organizations).orderBy(asc(organizations.id)),
  )
  for (const organization of all) {
    const { ok, checked, brokenAt } = await verifyAudit({ organizationId: organization.id })
    console.log(
      ok
        ? `✓ ${organization.name}: ${checked} events, unbroken`
        : `✗ ${organization.name}: event ${brokenAt} was changed, or the one before it is missing; ${checked} events before it are sound`,
    )
    if (!ok) process.exitCode = 1
  }
  if (all.length === 0) console.log('There is no organization yet.')
}

await main().finally(closeDatabases)
