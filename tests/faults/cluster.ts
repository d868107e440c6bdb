import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { instanceEnvironment, instanceKeys, openLog } from '@/scripts/lib/instance.mjs'
import { bundledNode, environmentOf, root } from '@/scripts/lib/node.mjs'
import { freePort } from '@/scripts/lib/ports.mjs'
import { startPostgres } from '@/scripts/lib/postgres.mjs'
import { output } from '@/scripts/lib/processes.mjs'
import { spawnNode, supervise } from '@/scripts/lib/supervise.mjs'
import { startTemporal } from '@/scripts/lib/temporal.mjs'
import { withDescendants } from '../../bench/memory'
import { eventually } from '../support/eventually'
import { asOwner, type Signed } from '../support/owner'
import { startTcpProxy, type TcpProxy } from './tcp-proxy'

/** One of the instance's processes: kept alive like by `npm start`, except while it is away on purpose. */
export interface Part {
  name: string
  start(): Promise<void>
  /** Gone until `start`. */
  stop(signal: NodeJS.Signals): Promise<void>
  /** Without a goodbye; it is started again at once. */
  kill(): void
  /** Stops it and all below it in the middle of what they do; answers how to go on. */
  freeze(): () => void
  pid(): number | null
  starts(): number
}

export interface WorkerOptions {
  build?: string
  clockOffsetMs?: number
}

/** An instance whose every process and line can be spoilt: Postgres and Temporal stand behind proxies. */
export interface Cluster {
  url: string
  home: string
  /** Straight to the database, past the proxy. */
  adminUrl: string
  postgres: Part
  temporal: Part
  web: Part
  workers: Part[]
  databaseLine: TcpProxy
  temporalLine: TcpProxy
  owner: Signed
  addWorker(options?: WorkerOptions): Promise<Part>
  /** Stops it for good. */
  dropWorker(part: Part): Promise<void>
  untilReady(): Promise<void>
  /** Leaves the home. */
  stop(): Promise<void>
}

export interface ClusterOptions {
  allowedHost: string
  lane?: 'on' | 'off'
  home?: string
  worker?: WorkerOptions
}

const node = bundledNode() ?? process.execPath

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const home = options.home ?? mkdtempSync(path.join(os.tmpdir(), 'millrace-cluster-'))
  const keys = instanceKeys(home)
  const ports = { postgres: await freePort(), temporal: await freePort(), web: await freePort() }
  const databaseLine = await startTcpProxy({ port: ports.postgres })
  const temporalLine = await startTcpProxy({ port: ports.temporal })

  let adminUrl = ''
  const postgres = partOf('postgres', async () => {
    const running = await startPostgres({ dataDir: path.join(home, 'postgres'), port: ports.postgres, logFile: openLog(home, 'postgres') })
    adminUrl = running.url
    return running.child
  })
  const temporal = partOf('temporal', async () => {
    const folder = path.join(home, 'temporal')
    return (await startTemporal({ home: folder, port: ports.temporal, logFile: openLog(home, 'temporal') })).child
  })
  await Promise.all([postgres.start(), temporal.start()])

  const behindProxy = new URL(adminUrl)
  behindProxy.port = String(databaseLine.port)
  const url = `http://localhost:${ports.web}`
  const environment = (workerPort: number, more: Record<string, string> = {}) =>
    environmentOf(node, {
      ...instanceEnvironment({
        home,
        adminUrl: behindProxy.href,
        temporalAddress: `127.0.0.1:${temporalLine.port}`,
        keys,
        port: ports.web,
        workerPort,
        production: true,
      }),
      MILLRACE_URL: url,
      NEXTAUTH_URL: url,
      MILLRACE_ALLOWED_HOSTS: options.allowedHost,
      MILLRACE_LANE: options.lane ?? 'on',
      NODE_OPTIONS: '',
      ...more,
    } as NodeJS.ProcessEnv)
  const program = (name: string) => path.join(root, 'dist', `${name}.js`)
  const script = async (name: string): Promise<{ setupToken?: string | null }> => {
    const child = spawn(node, [program(name)], { cwd: root, env: environment(0), stdio: ['ignore', 'pipe', 'pipe'] })
    const { code, text } = await output(child)
    if (code !== 0) throw new Error(`${name} ended with ${code}:\n${text}`)
    return JSON.parse(
      text
        .trim()
        .split('\n')
        .filter((line: string) => line.startsWith('{'))
        .at(-1) ?? '{}',
    )
  }

  const workers: Part[] = []
  const makeWorker = async ({ build = 'one', clockOffsetMs = 0 }: WorkerOptions = {}): Promise<Part> => {
    const port = await freePort()
    const preload = ['--enable-source-maps', '--import', path.join(import.meta.dirname, 'shift-clock.mjs')]
    const env = environment(port, { MILLRACE_BUILD: build, MILLRACE_CLOCK_OFFSET_MS: String(clockOffsetMs) })
    const part = partOf(`worker-${workers.length + 1}`, () =>
      spawnNode(node, [...preload, program('worker')], { cwd: root, env, logFile: openLog(home, 'worker') }),
    )
    workers.push(part)
    return part
  }
  const web = partOf('web', () =>
    spawnNode(node, ['--enable-source-maps', program('web')], { cwd: root, env: environment(0), logFile: openLog(home, 'web') }),
  )
  const untilReady = async () => {
    // What could move and stands for two minutes makes it unready, and a backlog takes its time.
    await eventually('the instance is ready', async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok, 300_000)
  }
  const stopAll = async () => {
    await Promise.all([web, ...workers].map((part) => part.stop('SIGTERM')))
    await Promise.all([postgres.stop('SIGINT'), temporal.stop('SIGTERM')])
    await Promise.all([databaseLine.close(), temporalLine.close()])
  }
  try {
    await script('prepare')
    await Promise.all([web.start(), (await makeWorker(options.worker)).start()])
    await untilReady()
    const { setupToken } = await script('first-run')
    const owner = await asOwner(url, `${url}/setup?token=${setupToken}`)
    return {
      url,
      home,
      get adminUrl() {
        return adminUrl
      },
      postgres,
      temporal,
      web,
      workers,
      databaseLine,
      temporalLine,
      owner,
      async addWorker(worker) {
        const part = await makeWorker(worker)
        await part.start()
        return part
      },
      async dropWorker(part) {
        workers.splice(workers.indexOf(part), 1)
        await part.stop('SIGTERM')
      },
      untilReady,
      stop: stopAll,
    }
  } catch (error) {
    await stopAll()
    throw error
  }
}

function partOf(name: string, launch: () => ChildProcess | Promise<ChildProcess>): Part {
  let starts = 0
  let current: ReturnType<typeof supervise> | null = null
  let frozen: number[] = []
  const pid = () => current?.child()?.pid ?? null
  const thaw = () => {
    for (const each of frozen) signal(each, 'SIGCONT')
    frozen = []
  }
  return {
    name,
    pid,
    starts: () => starts,
    async start() {
      current = supervise({
        name,
        say: () => {},
        launch: async () => {
          starts += 1
          return launch()
        },
      })
      await current.start()
    },
    async stop(how) {
      thaw()
      const ending = current
      current = null
      await ending?.stop(how, 29_000)
    },
    kill() {
      const id = pid()
      if (id !== null) signal(id, 'SIGKILL')
    },
    freeze() {
      const id = pid()
      frozen = id === null ? [] : withDescendants(id)
      for (const each of frozen) signal(each, 'SIGSTOP')
      return thaw
    },
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    // It ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
