import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, realpath, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import postgres from 'postgres'
import { config } from '@/server/config'
import { copyCluster } from './lib/copy-cluster'

/** Copies the bundled database and the keys, while the instance runs, to a folder that is a Millrace home itself. */
async function main(): Promise<void> {
  const [given] = process.argv.slice(2)
  if (!given) return refuse('Say where to: npm run backup -- <new folder>')
  const { databaseAdminUrl } = config()
  const home = process.env.MILLRACE_HOME ?? ''
  const dataDir = path.join(home, 'postgres')
  const target = path.resolve(given)
  if (existsSync(target) && (await readdir(target)).length > 0) return refuse(`${target} has something in it. Give a new folder.`)
  if (!databaseAdminUrl || !(await isBundled(databaseAdminUrl, dataDir)))
    return refuse(
      `The database is one of your own: back it up with its own tools, and keep ${path.join(home, 'keys.json')} with what they give.`,
    )
  const began = Date.now()
  const partial = `${target}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true, mode: 0o700 })
  try {
    await copyCluster({ adminUrl: databaseAdminUrl, dataDir, target: path.join(partial, 'postgres') })
    for (const file of ['keys.json', 'postgres.password']) await copyFile(path.join(home, file), path.join(partial, file))
    await rm(target, { recursive: true, force: true })
    await rename(partial, target)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  }
  console.log(`✓ backup in ${target}  ${((Date.now() - began) / 1000).toFixed(1)} s`)
}

async function isBundled(adminUrl: string, dataDir: string): Promise<boolean> {
  if (!existsSync(dataDir)) return false
  const sql = postgres(adminUrl, { max: 1 })
  try {
    const [row] = await sql<{ folder: string }[]>`select current_setting('data_directory') as folder`
    return row !== undefined && existsSync(row.folder) && (await realpath(row.folder)) === (await realpath(dataDir))
  } finally {
    await sql.end({ timeout: 1 })
  }
}

function refuse(sentence: string): void {
  console.error(sentence)
  process.exitCode = 1
}

await main().catch((error: Error) => refuse(`There is no backup: ${error.message}`))
