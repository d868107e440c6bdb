import { closeDatabases } from '@/db/client'
import { asOwner, MigrationRefused, migrate } from '@/db/migrate'
import { seedModelPrices } from '@/db/seed/seed-model-prices'
import { seedTemplates } from '@/db/seed/seed-templates'
import { unknownNodeTypes } from '@/db/seed/unknown-node-types'
import { ensureExamples } from '@/server/services/setup/ensure-examples'

/** Before web and worker start: tables, templates, examples. Prints one line of JSON. */
async function main() {
  const adminUrl = process.env.DATABASE_ADMIN_URL ?? ''
  const password = (url: string | undefined) => decodeURIComponent(new URL(url ?? adminUrl).password)
  const { applied } = await migrate({
    adminUrl,
    passwords: { web: password(process.env.DATABASE_URL), worker: password(process.env.DATABASE_WORKER_URL) },
  })
  const [unknown] = await asOwner(adminUrl, unknownNodeTypes)
  if (unknown)
    throw new MigrationRefused(
      `This Millrace does not know the node type ${unknown.type} version ${unknown.version}, which the workflow “${unknown.workflow}” uses. Start a version that has it, or publish that workflow without it first.`,
    )
  await asOwner(adminUrl, async (db) => {
    await seedTemplates(db)
    await seedModelPrices(db)
  })
  await ensureExamples()
  console.log(JSON.stringify({ migrated: applied }))
}

try {
  await main()
} catch (error) {
  console.error(error instanceof MigrationRefused ? `trouble: ${error.message}` : error)
  process.exitCode = 1
} finally {
  await closeDatabases()
}
