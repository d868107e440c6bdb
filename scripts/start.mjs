import { existsSync, readFileSync, statfsSync } from 'node:fs'
import path from 'node:path'
import { build, isBuilt } from './build.mjs'
import { homeFolder, instanceEnvironment, instanceKeys, instancePorts, lockHome, openLog, rememberPorts } from './lib/instance.mjs'
import { bundledNode, ensureDependencies, environmentOf, root, underBundledNode } from './lib/node.mjs'
import { canListen, freePort, portOpens } from './lib/ports.mjs'
import { isAlive, output, stopPid, Trouble } from './lib/processes.mjs'
import { spawnNode, supervise } from './lib/supervise.mjs'

const dev = process.argv.includes('--dev')
// An older Node hands over to the bundled one, after it installed the packages: the whole time counts.
const began = Number(process.env.MILLRACE_BEGAN ?? Date.now())
const seconds = (from) => `${((Date.now() - from) / 1000).toFixed(1)} s`
const say = (line) => console.log(line)
const note = (line) => console.log(`  ${line}`)

/** Prints one line for a stage when it is done, with its time. */
async function stage(title, work) {
  const from = Date.now()
  const extra = await work()
  say(`✓ ${title}${typeof extra === 'string' && extra ? ` (${extra})` : ''}  ${seconds(from)}`)
}

async function main() {
  if (ensureDependencies((line) => say(`· ${line}, this takes about a minute`))) say(`✓ packages  ${seconds(began)}`)
  process.env.MILLRACE_BEGAN = String(began)
  await underBundledNode()
  delete process.env.MILLRACE_BEGAN

  const home = homeFolder()
  const port = Number(process.env.PORT ?? 3000)
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Trouble(`PORT is "${process.env.PORT}"; give a number from 1 to 65535.`)
  const keys = await inHome(home, () => instanceKeys(home))
  const lock = lockHome(home)
  await stopLeftBehind(lock.leftBehind)
  if (!(await canListen(port)))
    throw new Trouble(`Port ${port} is taken by another program. Stop that program, or start with another port: PORT=${port + 1} npm start`)
  requireSpace(home)
  requireSpace(root)

  let ready = false
  let closing = null
  const parts = []
  const children = {}
  const state = { port, home }
  const remember = () => {
    try {
      lock.remember({ ...state, children })
    } catch (error) {
      // On a full disk what runs goes on; the next change is written again.
      if (!ready && !closing) throw error
      note(`${path.join(home, 'running.json')} could not be written (${error.code ?? error.message})`)
    }
  }
  const keep = (name) => (pid) => {
    if (pid) children[name] = pid
    else delete children[name]
    remember()
  }
  remember()

  const close = (exitCode) => {
    closing ??= (async () => {
      const from = Date.now()
      if (ready) say('\n· stopping: runs in progress are handed over and go on at the next start')
      await Promise.all(parts.filter((part) => part.order === 1).map((part) => part.stop()))
      await Promise.all(parts.filter((part) => part.order === 2).map((part) => part.stop()))
      lock.release()
      if (ready) say(`✓ stopped  ${seconds(from)}`)
      process.exit(exitCode)
    })()
    return closing
  }
  let asked = 0
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      asked += 1
      if (asked > 2) process.exit(1)
      void close(0)
    })
  }

  try {
    const { startPostgres } = await import('./lib/postgres.mjs')
    const { startTemporal } = await import('./lib/temporal.mjs')
    const ports = instancePorts(home)
    let adminUrl = process.env.DATABASE_URL
    let temporalAddress = process.env.TEMPORAL_ADDRESS

    const database = async () => {
      if (adminUrl) return checkDatabase(adminUrl)
      await stage('database', async () => {
        const logFile = openLog(home, 'postgres')
        let running = await startPostgres({ dataDir: path.join(home, 'postgres'), port: ports.postgres, log: note, logFile })
        ports.postgres = running.port
        adminUrl = running.url
        let first = running.child
        const part = supervise({
          name: 'Postgres',
          say: note,
          onChild: keep('postgres'),
          launch: async () => {
            if (first) {
              const child = first
              first = null
              return child
            }
            running = await startPostgres({ dataDir: path.join(home, 'postgres'), port: ports.postgres, logFile })
            return running.child
          },
        })
        await part.start()
        parts.push({
          order: 2,
          stop: async () => {
            await part.stop('SIGINT', 15_000)
            await running.stop()
          },
        })
        return 'Postgres 18, bundled'
      })
    }
    const temporal = async () => {
      if (temporalAddress) return checkTemporal(temporalAddress)
      await stage('Temporal', async () => {
        const logFile = openLog(home, 'temporal')
        const folder = path.join(home, 'temporal')
        const running = await startTemporal({ home: folder, port: ports.temporal, log: note, logFile })
        ports.temporal = running.port
        temporalAddress = running.address
        let first = running.child
        const part = supervise({
          name: 'Temporal',
          say: note,
          onChild: keep('temporal'),
          launch: async () => {
            if (first) {
              const child = first
              first = null
              return child
            }
            return (await startTemporal({ home: folder, port: ports.temporal, logFile })).child
          },
        })
        await part.start()
        parts.push({ order: 2, stop: () => part.stop('SIGTERM', 10_000) })
        return 'local server'
      })
    }
    const program = async () => {
      if (dev || isBuilt()) return
      await stage('build', () => build(note))
    }
    // Fetching or compiling Temporal and building the pages take longest, and neither needs the other.
    await settleAll([database(), temporal(), program()])

    ports.worker = ports.worker && !(await portOpens(ports.worker)) ? ports.worker : await freePort()
    rememberPorts(home, ports)
    const env = environmentOf(
      bundledNode() ?? process.execPath,
      instanceEnvironment({ home, adminUrl, temporalAddress, keys, port, workerPort: ports.worker, production: !dev }),
    )
    Object.assign(state, { adminUrl, temporalAddress, workerPort: ports.worker, url: env.MILLRACE_URL })
    remember()

    await stage('tables and templates', async () => {
      const { migrated } = await runScript('prepare', env)
      return migrated ? `${migrated} migrations` : ''
    })

    await stage(dev ? 'web and worker, watching for changes' : 'web and worker', async () => {
      for (const [name, entry, graceMs] of [
        ['worker', 'activities/worker.ts', 29_000],
        ['web', 'server/main.ts', 27_000],
      ]) {
        const logFile = openLog(home, name)
        const part = supervise({
          name,
          say: note,
          onChild: keep(name),
          launch: () => spawnNode(process.execPath, processArguments(name, entry), { cwd: root, env, logFile }),
        })
        await part.start()
        parts.push({ order: 1, stop: () => part.stop('SIGTERM', graceMs) })
      }
      await untilReady(`http://127.0.0.1:${port}/readyz`, home)
    })

    const first = await runScript('first-run', env)
    if (first.sentence) say(`✓ ${first.sentence}`)
    ready = true
    say(`\nMillrace is ready in ${seconds(began)}: ${env.MILLRACE_URL}`)
    if (first.setupToken) say(`Set it up with this link, which works once: ${env.MILLRACE_URL}/setup?token=${first.setupToken}`)
    say('Ctrl-C stops it.')
  } catch (error) {
    tell(error)
    await close(1)
  }
}

/** Waits for all, so that nothing is still starting when the first failure is told. */
async function settleAll(works) {
  const results = await Promise.allSettled(works)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}

function processArguments(name, entry) {
  // By itself V8 gives what is young up to 64 MB, and as much again to buffers, before it looks for garbage.
  const common = ['--enable-source-maps', ...(name === 'worker' ? ['--max-semi-space-size=8'] : [])]
  return dev ? [...common, '--import', 'tsx', path.join(root, entry)] : [...common, path.join(root, 'dist', `${name}.js`)]
}

/** Runs a start-up script and reads the JSON on its last line; a sentence on stderr that begins with `trouble:` is for people. */
async function runScript(name, env) {
  const args = dev ? ['--import', 'tsx', path.join(root, 'scripts', `${name}.ts`)] : [path.join(root, 'dist', `${name}.js`)]
  const { spawn } = await import('node:child_process')
  const { code, text } = await output(spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] }))
  const lines = text.trim().split('\n')
  const trouble = lines.find((line) => line.startsWith('trouble: '))
  if (trouble) throw new Trouble(trouble.slice('trouble: '.length))
  if (code !== 0) throw new Error(`${name} failed:\n${lines.slice(-25).join('\n')}`)
  return JSON.parse(lines.filter((line) => line.startsWith('{')).at(-1) ?? '{}')
}

async function untilReady(url, home) {
  const deadline = Date.now() + 120_000
  let last = 'no answer'
  while (Date.now() < deadline) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
      if (response.ok) return
      last = (await response.text()).slice(0, 300)
    } catch (error) {
      last = error.cause?.code ?? error.message
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Trouble(
    `Web and worker were not ready after two minutes (${last}). Their logs are in ${path.join(home, 'logs')}; \`npm run doctor\` says more.`,
  )
}

async function checkDatabase(url) {
  await stage('database', async () => {
    const { default: postgres } = await import('postgres')
    let sql
    try {
      sql = postgres(url, { max: 1, connect_timeout: 8, onnotice: () => {} })
      const [row] = await sql`select current_setting('server_version_num')::int as version`
      if (row.version < 160000)
        throw new Trouble(`DATABASE_URL leads to Postgres ${Math.floor(row.version / 10000)}; Millrace needs 16 or newer.`)
    } catch (error) {
      if (error instanceof Trouble) throw error
      const reason =
        {
          '28P01': 'it refused the password',
          '3D000': 'there is no such database',
          ECONNREFUSED: 'nothing listens there',
          ENOTFOUND: 'its host is unknown',
          CONNECT_TIMEOUT: 'it does not answer',
        }[error.code] ?? error.message
      throw new Trouble(`DATABASE_URL does not lead to a database: ${reason}. Correct it, or unset it to use the bundled Postgres.`)
    } finally {
      await sql?.end({ timeout: 1 })
    }
    return 'given by DATABASE_URL'
  })
}

async function checkTemporal(address) {
  await stage('Temporal', async () => {
    const [host, port] = address.split(':')
    if (!host || !(await portOpens(Number(port ?? 7233), host)))
      throw new Trouble(`TEMPORAL_ADDRESS is ${address}, and nothing answers there. Start that server, or unset it to use a local one.`)
    const namespace = process.env.TEMPORAL_NAMESPACE ?? 'default'
    const { Connection } = await import('@temporalio/client')
    const connection = Connection.lazy({ address })
    try {
      await connection.withDeadline(Date.now() + 8_000, () => connection.workflowService.describeNamespace({ namespace }))
    } catch (error) {
      const notFound = error.code === 5
      throw new Trouble(
        notFound
          ? `The Temporal server at ${address} has no namespace "${namespace}". Create it there, or name another one with TEMPORAL_NAMESPACE.`
          : `TEMPORAL_ADDRESS is ${address}, and what answers there is no Temporal server. Correct it, or unset it to use a local one.`,
      )
    } finally {
      await connection.close()
    }
    return 'given by TEMPORAL_ADDRESS'
  })
}

/** What a killed starter left running would hold the ports and the data. */
async function stopLeftBehind(children) {
  await Promise.all(
    Object.entries(children).map(async ([name, pid]) => {
      if (!isAlive(pid) || !looksLikeOurs(name, pid)) return
      note(`stopping ${name}, left from a start that was killed`)
      await stopPid(pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM', name === 'web' || name === 'worker' ? 5_000 : 15_000)
    }),
  )
}

function looksLikeOurs(name, pid) {
  if (process.platform !== 'linux') return true
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return (
      { postgres: /postgres/, temporal: /start-dev/, web: /web\.js|server\/main\.ts/, worker: /worker\.js|worker\.ts/ }[name]?.test(
        command,
      ) ?? false
    )
  } catch {
    return false
  }
}

async function inHome(home, work) {
  try {
    return work()
  } catch (error) {
    if (error.code === 'EACCES' || error.code === 'EROFS' || error.code === 'ENOTDIR')
      throw new Trouble(`${home} cannot be written. Give this user the right to, or set MILLRACE_HOME to another folder.`)
    if (error.code === 'ENOSPC')
      throw new Trouble(`The disk that holds ${home} is full. Free about 500 MB, or set MILLRACE_HOME to another disk.`)
    throw error
  }
}

function requireSpace(folder) {
  const at = existsSync(folder) ? folder : path.dirname(folder)
  const { bavail, bsize } = statfsSync(at)
  const free = (bavail * bsize) / 1024 / 1024
  if (free < 300)
    throw new Trouble(
      `The disk that holds ${folder} has only ${Math.round(free)} MB left. Free at least 500 MB${folder === root ? '' : ', or set MILLRACE_HOME to another disk'}.`,
    )
}

function tell(error) {
  console.error(error instanceof Trouble ? `\n✗ ${error.message}` : error)
}

main().catch((error) => {
  tell(error)
  process.exit(1)
})
