import { spawnSync } from 'node:child_process'
import { existsSync, statfsSync } from 'node:fs'
import path from 'node:path'
import { isBuilt } from './build.mjs'
import { homeFolder, instancePorts, runningInstance } from './lib/instance.mjs'
import { bundledNode, environmentOf, root } from './lib/node.mjs'
import { portOpens } from './lib/ports.mjs'
import { cacheFolder } from './lib/temporal.mjs'
import { findChromium } from './test.mjs'

/** Says what is there and what is wrong, each with what to do; ends with 1 where something is wrong. */
const rows = []
const good = (what, detail) => rows.push({ ok: true, what, detail })
const bad = (what, detail) => rows.push({ ok: false, what, detail })
const home = homeFolder()

const major = Number(process.versions.node.split('.')[0])
if (major >= 20) good('Node', `${process.versions.node}${bundledNode() ? ', with 26 bundled' : ''}`)
else bad('Node', `${process.versions.node} is too old. Install 20.9 or newer.`)

if (existsSync(path.join(root, 'node_modules'))) good('packages', 'installed')
else bad('packages', 'not installed. npm start installs them.')

const { bavail, bsize } = statfsSync(root)
const free = Math.round((bavail * bsize) / 1024 ** 2)
if (free > 500) good('disk', `${free} MB free`)
else bad('disk', `only ${free} MB free. Free at least 500 MB.`)

if (existsSync(path.join(root, 'node_modules')) && isBuilt()) good('build', 'up to date')
else good('build', 'due at the next npm start')

if (existsSync(path.join(root, 'node_modules'))) good('Python steps', pythonSandbox())

const temporalFile = [
  process.env.TEMPORAL_CLI_PATH,
  ...(process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, 'temporal')),
  path.join(cacheFolder(), 'temporal-1.5.1'),
].find((file) => file && existsSync(file))
if (process.env.TEMPORAL_ADDRESS) good('Temporal', `given: ${process.env.TEMPORAL_ADDRESS}`)
else if (temporalFile) good('Temporal', temporalFile)
else good('Temporal', 'fetched at the first npm start')

const chromium = findChromium()
good('Chromium (for npm test only)', chromium ?? 'installed at the first npm test')

if (existsSync(path.join(home, 'postgres', 'PG_VERSION')) && !existsSync(path.join(home, 'postgres.password')))
  bad('data', `${home}/postgres.password is missing. Put it back from your backup.`)
else if (existsSync(home)) good('data', home)
else good('data', `none yet; npm start makes ${home}`)
if (existsSync(path.join(home, 'postgres')) && !existsSync(path.join(home, 'keys.json')))
  bad('keys', `${home}/keys.json is missing: stored credentials cannot be read without it. Put it back from your backup.`)

const running = runningInstance(home)
if (!running) {
  const port = Number(process.env.PORT ?? 3000)
  if (await portOpens(port)) bad('running', `no, and port ${port} is taken by another program. Start with PORT=${port + 1} npm start`)
  else good('running', 'no')
} else {
  good('running', `${running.url ?? `port ${running.port}`} (process ${running.pid})`)
  for (const name of ['postgres', 'temporal', 'worker', 'web']) {
    const given = (name === 'postgres' && process.env.DATABASE_URL) || (name === 'temporal' && process.env.TEMPORAL_ADDRESS)
    if (running.children?.[name]) good(name, `process ${running.children[name]}`)
    else if (given) good(name, 'given')
    else bad(name, `not running; its log is ${path.join(home, 'logs', `${name}.log`)}`)
  }
  try {
    const response = await fetch(`http://127.0.0.1:${running.port}/readyz`, { signal: AbortSignal.timeout(5_000) })
    const text = await response.text()
    if (response.ok) good('ready', text.slice(0, 200))
    else bad('ready', text.slice(0, 300))
  } catch (error) {
    bad('ready', `web does not answer: ${error.cause?.code ?? error.message}`)
  }
  const { postgres } = instancePorts(home)
  if (postgres && !(await portOpens(postgres)) && !process.env.DATABASE_URL) bad('database', `nothing listens on port ${postgres}`)
}

for (const { ok, what, detail } of rows) console.log(`${ok ? '✓' : '✗'} ${what}: ${detail}`)
const wrong = rows.filter((row) => !row.ok).length
console.log(wrong ? `\n${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong.` : '\nNothing is wrong.')
process.exit(wrong ? 1 : 0)

/** Python is one step among many: without a sandbox it is not offered, and nothing is wrong. */
function pythonSandbox() {
  const node = bundledNode() ?? process.execPath
  const { stdout } = spawnSync(node, ['--import', 'tsx', path.join(root, 'scripts', 'python-sandbox.ts')], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...environmentOf(node), LOG_LEVEL: 'silent' },
  })
  try {
    const found = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    return found.ok ? `${found.name}, Python ${found.version}` : `not offered. ${found.reason}`
  } catch {
    return 'not offered: it could not be found out which sandbox this machine has'
  }
}
