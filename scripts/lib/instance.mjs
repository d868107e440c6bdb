import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './node.mjs'
import { isAlive, Trouble } from './processes.mjs'

/** Where an instance keeps its data: Postgres, Temporal, keys, logs. */
export function homeFolder() {
  return path.resolve(process.env.MILLRACE_HOME ?? path.join(root, '.millrace'))
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}

/** Written beside and renamed, so that a crash leaves the old file or the new one. */
function writeJson(file, value) {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** Keys of this instance, made on first use. Without `kek` no credential can be read again. */
export function instanceKeys(home) {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const file = path.join(home, 'keys.json')
  const keys = readJson(file) ?? {}
  const secret = () => randomBytes(32).toString('base64')
  const complete = {
    sessionSecret: keys.sessionSecret ?? secret(),
    kek: keys.kek ?? secret(),
    webPassword: keys.webPassword ?? randomBytes(24).toString('base64url'),
    workerPassword: keys.workerPassword ?? randomBytes(24).toString('base64url'),
  }
  if (JSON.stringify(keys) !== JSON.stringify(complete)) writeJson(file, complete)
  return complete
}

/** Ports that were used last; kept so that a restart finds free the same ones. */
export function instancePorts(home) {
  return readJson(path.join(home, 'ports.json')) ?? {}
}
export function rememberPorts(home, ports) {
  writeJson(path.join(home, 'ports.json'), ports)
}

/** One start a home: refuses while another lives, and tells which processes a killed one left. */
export function lockHome(home) {
  const file = path.join(home, 'running.json')
  const running = readJson(file)
  if (running && running.pid !== process.pid && isAlive(running.pid) && isStarter(running.pid)) {
    throw new Trouble(
      `Millrace already runs from ${home} (process ${running.pid}). Stop it with Ctrl-C there, or set MILLRACE_HOME to another folder.`,
    )
  }
  return {
    leftBehind: running?.children ?? {},
    remember(state) {
      writeJson(file, { pid: process.pid, ...state })
    },
    release() {
      rmSync(file, { force: true })
    },
  }
}

/** The state of a running instance, or null. */
export function runningInstance(home) {
  const running = readJson(path.join(home, 'running.json'))
  return running && isAlive(running.pid) && isStarter(running.pid) ? running : null
}

function isStarter(pid) {
  if (process.platform !== 'linux') return true
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('start.mjs')
  } catch {
    return false
  }
}

/**
 * For glibc: large buffers go back to the system when they are freed. By itself it raises these limits after the first large one, and a
 * process keeps whatever it once needed.
 */
const allocator = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '262144', MALLOC_TRIM_THRESHOLD_: '1048576' }

/** What the processes of an instance get to know; see the table in docs/operating.md. */
export function instanceEnvironment({ home, adminUrl, temporalAddress, keys, port, workerPort, production }) {
  const as = (user, password) => {
    const url = new URL(adminUrl)
    url.username = user
    url.password = password
    return url.href
  }
  return {
    ...allocator,
    ...process.env,
    NODE_ENV: production ? 'production' : 'development',
    NEXT_TELEMETRY_DISABLED: '1',
    MILLRACE_HOME: home,
    DATABASE_ADMIN_URL: adminUrl,
    DATABASE_URL: as('mr_web', keys.webPassword),
    DATABASE_WORKER_URL: as('mr_worker', keys.workerPassword),
    TEMPORAL_ADDRESS: temporalAddress,
    MILLRACE_SECRET: keys.sessionSecret,
    MILLRACE_KEK: keys.kek,
    PORT: String(port),
    MILLRACE_WORKER_PORT: String(workerPort),
    MILLRACE_URL: process.env.MILLRACE_URL ?? `http://localhost:${port}`,
    NEXTAUTH_URL: process.env.MILLRACE_URL ?? `http://localhost:${port}`,
  }
}

/** A log file in the home, begun anew above 20 MB (one older one is kept). */
export function openLog(home, name) {
  const folder = path.join(home, 'logs')
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, `${name}.log`)
  if (existsSync(file) && statSync(file).size > 20 * 1024 * 1024) renameSync(file, `${file}.1`)
  return openSync(file, 'a')
}
