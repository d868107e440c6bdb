import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import postgres from 'postgres'

/** What a server makes anew at its start, or may be running away with; its folders have to be there, empty. */
const emptied = new Set(['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans'])
const leftOut = /^(postmaster\.(pid|opts)|backup_manifest|pgsql_tmp.*|pg_internal\.init.*)$/
const segment = /^([0-9A-F]{24}|[0-9A-F]{8}\.history)$/

/**
 * Copies the data folder of a Postgres that runs, by Postgres's own low-level backup: a server that is started on the copy stands where this
 * one stood when the copying ended. The log of writes is held by a slot of this session meanwhile, however much is written.
 */
export async function copyCluster({ adminUrl, dataDir, target }: { adminUrl: string; dataDir: string; target: string }): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {}, connection: { application_name: 'millrace-backup' } })
  try {
    await sql`select pg_create_physical_replication_slot('millrace_backup_' || pg_backend_pid(), true, true)`
    await sql`select pg_backup_start('millrace', true)`
    await copyFolder(dataDir, target, '')
    await copyThere(dataDir, target, path.join('global', 'pg_control'))
    const [stopped] = await sql<{ labelfile: string }[]>`select labelfile from pg_backup_stop(false)`
    if (!stopped) throw new Error('Postgres did not say how the copy is to be read.')
    await writeFile(path.join(target, 'backup_label'), stopped.labelfile, { mode: 0o600 })
    for (const name of await readdir(path.join(dataDir, 'pg_wal')))
      if (segment.test(name)) await copyThere(dataDir, target, path.join('pg_wal', name))
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function copyFolder(from: string, to: string, within: string): Promise<void> {
  await mkdir(path.join(to, within), { recursive: true, mode: 0o700 })
  for (const entry of await readdir(path.join(from, within), { withFileTypes: true })) {
    const file = path.join(within, entry.name)
    if (leftOut.test(entry.name) || file === path.join('global', 'pg_control')) continue
    if (!entry.isDirectory()) await copyThere(from, to, file)
    else if (within === '' && emptied.has(entry.name)) await mkdir(path.join(to, file), { recursive: true, mode: 0o700 })
    else await copyFolder(from, to, file)
  }
}

/** A table that is dropped meanwhile takes its file with it. */
async function copyThere(from: string, to: string, file: string): Promise<void> {
  await copyFile(path.join(from, file), path.join(to, file)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}
