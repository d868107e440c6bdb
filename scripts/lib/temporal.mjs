import { spawn } from 'node:child_process'
import { createWriteStream, existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { freePort, portOpens } from './ports.mjs'
import { output, stopProcess, Trouble } from './processes.mjs'

const version = '1.5.1'
const module = `github.com/temporalio/cli/cmd/temporal@v${version}`

/**
 * Starts a Temporal server with its data in `home` and waits until it answers.
 * @param {{ home: string, port?: number, log?: (line: string) => void, logFile?: number | 'ignore' }} options
 * @returns {Promise<{ address: string, port: number, child: import('node:child_process').ChildProcess, stop(): Promise<void> }>}
 */
export async function startTemporal({ home, port, log = () => {}, logFile = 'ignore' }) {
  const binary = await findTemporal({ log })
  await mkdir(home, { recursive: true })
  const chosenPort = port && !(await portOpens(port)) ? port : await freePort()
  const child = spawn(
    binary,
    [
      'server',
      'start-dev',
      '--headless',
      '--ip',
      '127.0.0.1',
      '--port',
      String(chosenPort),
      '--db-filename',
      path.join(home, 'temporal.db'),
      // What a power cut could take away, the workers find in Postgres.
      '--sqlite-pragma',
      'journal_mode=wal',
      '--sqlite-pragma',
      'synchronous=normal',
      '--log-level',
      'error',
      '--log-format',
      'json',
      '--dynamic-config-value',
      'system.enableActivityEagerExecution=true',
      '--dynamic-config-value',
      'system.enableEagerWorkflowStart=true',
      '--dynamic-config-value',
      'history.persistenceMaxQPS=20000',
      '--dynamic-config-value',
      'frontend.namespaceRPS=20000',
      '--dynamic-config-value',
      'frontend.namespaceCount=100000',
    ],
    {
      stdio: ['ignore', logFile, logFile],
      env: { ...process.env, GOMAXPROCS: process.env.GOMAXPROCS ?? '2', GOGC: process.env.GOGC ?? '300' },
      detached: process.platform !== 'win32',
    },
  )
  const address = `127.0.0.1:${chosenPort}`
  await untilHealthy(binary, child, address)
  return { address, port: chosenPort, child, stop: () => stopProcess(child, 'SIGTERM', 10_000) }
}

async function untilHealthy(binary, child, address) {
  const deadline = Date.now() + 60_000
  const port = Number(address.split(':')[1])
  while (!(await portOpens(port))) {
    if (child.exitCode !== null)
      throw new Trouble(
        `The Temporal server stopped while starting (exit code ${child.exitCode}). Its log is in the logs folder of the Millrace home.`,
      )
    if (Date.now() > deadline) throw new Trouble('The Temporal server did not open its port within a minute.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  for (;;) {
    const { code, text } = await output(
      spawn(binary, ['operator', 'namespace', 'describe', '-n', 'default', '--address', address, '--color', 'never'], {
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    )
    if (code === 0) return
    if (Date.now() > deadline)
      throw new Trouble(`The Temporal server did not become healthy within a minute: ${text.trim().split('\n').at(-1)}`)
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}

/** The path of a Temporal server, found or fetched in this order: TEMPORAL_CLI_PATH, the PATH, the cache, Temporal's download, Go. */
export async function findTemporal({ log = () => {} } = {}) {
  const name = process.platform === 'win32' ? 'temporal.exe' : 'temporal'
  const given = process.env.TEMPORAL_CLI_PATH
  if (given) {
    if (existsSync(given)) return given
    throw new Trouble(`TEMPORAL_CLI_PATH points at ${given}, and there is no file. Correct it, or unset it to let Millrace fetch a server.`)
  }
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const candidate = path.join(folder, name)
    if (folder && existsSync(candidate)) return candidate
  }
  const cached = path.join(cacheFolder(), `temporal-${version}${process.platform === 'win32' ? '.exe' : ''}`)
  if (existsSync(cached)) return cached
  await mkdir(cacheFolder(), { recursive: true })
  const work = await mkdtemp(path.join(cacheFolder(), 'fetch-'))
  try {
    const reason = await download(work, name, log).catch((error) => error)
    if (reason instanceof Error) {
      log(`Temporal's download cannot be reached (${reason.message}); compiling it with Go, about three minutes`)
      await compile(work, log, reason)
    }
    const made = path.join(work, name)
    await chmod(made, 0o755)
    await rename(made, cached).catch(() => copyFile(made, cached))
    return cached
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

export function cacheFolder() {
  return process.env.MILLRACE_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'millrace')
}

async function download(work, name, log) {
  const platform = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform]
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch]
  if (!platform || !arch) throw new Error(`no build for ${process.platform}-${process.arch}`)
  const url = `https://temporal.download/cli/archive/v${version}?platform=${platform}&arch=${arch}&format=tar.gz`
  const connect = new AbortController()
  const timer = setTimeout(() => connect.abort(new Error('no answer in 15 s')), 15_000)
  const response = await fetch(url, { signal: connect.signal }).catch((error) => {
    throw new Error(error.cause?.code ?? error.message)
  })
  clearTimeout(timer)
  if (!response.ok || !response.body) throw new Error(`answer ${response.status}`)
  const total = Number(response.headers.get('content-length') ?? 0)
  let got = 0
  let shown = 0
  const archive = path.join(work, 'temporal.tar.gz')
  const counted = async function* (chunks) {
    for await (const chunk of chunks) {
      got += chunk.length
      if (total && got / total > shown + 0.2) {
        shown = got / total
        log(`downloading Temporal, ${Math.round(shown * 100)} %`)
      }
      yield chunk
    }
  }
  await pipeline(Readable.fromWeb(response.body), counted, createWriteStream(archive))
  const { code, text } = await output(spawn('tar', ['-xzf', archive, '-C', work, name], { stdio: ['ignore', 'pipe', 'pipe'] }))
  if (code !== 0) throw new Error(`the archive cannot be opened: ${text.trim()}`)
}

async function compile(work, log, reason) {
  const go = await output(spawn('go', ['version'], { stdio: ['ignore', 'pipe', 'pipe'] }))
  if (go.code !== 0) {
    throw new Trouble(
      `A Temporal server is needed: its download cannot be reached (${reason.message}) and there is no Go to compile it. Install Go 1.24 or newer, put \`temporal\` on the PATH, or set TEMPORAL_ADDRESS to a server you run.`,
    )
  }
  const started = Date.now()
  const tick = setInterval(() => log(`compiling Temporal, ${Math.round((Date.now() - started) / 1000)} s`), 30_000)
  const child = spawn('go', ['install', '-ldflags', '-s -w', module], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CGO_ENABLED: '0', GOBIN: work },
  })
  const { code, text } = await output(child)
  clearInterval(tick)
  if (code !== 0)
    throw new Trouble(
      `Go could not compile Temporal: ${text.trim().split('\n').at(-1)}. Put \`temporal\` on the PATH, or set TEMPORAL_ADDRESS to a server you run.`,
    )
}
