import { spawn } from 'node:child_process'
import path from 'node:path'
import { homeFolder, instanceEnvironment, instanceKeys, instancePorts, openLog, runningInstance } from './lib/instance.mjs'
import { bundledNode, ensureDependencies, environmentOf, root, underBundledNode } from './lib/node.mjs'
import { Trouble } from './lib/processes.mjs'

/**
 * Runs a TypeScript file with the instance's own environment; starts the bundled Postgres for its time where nothing runs.
 * `--alone` leaves both away, for scripts that start instances themselves.
 */
async function main() {
  const alone = process.argv[2] === '--alone'
  const [file, ...rest] = process.argv.slice(alone ? 3 : 2)
  if (!file) throw new Trouble('Say which script to run: node scripts/run.mjs scripts/<name>.ts')
  ensureDependencies(console.error)
  await underBundledNode()
  if (alone) process.exit(await run(file, rest, process.env))
  const home = homeFolder()
  const keys = instanceKeys(home)
  const running = runningInstance(home)
  const ports = instancePorts(home)
  let database = null
  let adminUrl = process.env.DATABASE_URL ?? running?.adminUrl
  if (!adminUrl) {
    const { startPostgres } = await import('./lib/postgres.mjs')
    database = await startPostgres({ dataDir: path.join(home, 'postgres'), port: ports.postgres, logFile: openLog(home, 'postgres') })
    adminUrl = database.url
  }
  const env = instanceEnvironment({
    home,
    adminUrl,
    temporalAddress: process.env.TEMPORAL_ADDRESS ?? running?.temporalAddress ?? '127.0.0.1:7233',
    keys,
    port: running?.port ?? process.env.PORT ?? 3000,
    workerPort: running?.workerPort ?? 0,
    production: true,
  })
  const code = await run(file, rest, env)
  await database?.stop()
  process.exit(code)
}

function run(file, rest, env) {
  const node = bundledNode() ?? process.execPath
  const child = spawn(node, ['--import', 'tsx', path.resolve(root, file), ...rest], {
    stdio: 'inherit',
    env: environmentOf(node, env),
    cwd: root,
  })
  return new Promise((resolve) => child.once('exit', (exit) => resolve(exit ?? 1)))
}

main().catch((error) => {
  console.error(error instanceof Trouble ? error.message : error)
  process.exit(1)
})
