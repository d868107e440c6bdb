import { MigrationRefused, migrate, migrateOptions } from '@/db/migrate'
import { config } from '@/server/config'

try {
  const { applied } = await migrate(migrateOptions(config()))
  console.log(applied === 0 ? 'The database is up to date.' : `${applied} ${applied === 1 ? 'migration' : 'migrations'} applied.`)
} catch (error) {
  console.error(error instanceof MigrationRefused ? error.message : error)
  process.exitCode = 1
}
