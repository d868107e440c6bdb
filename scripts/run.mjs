import { spawn } from 'node:child_process'
import path from 'node:path'
import { homeFolder, instanceEnvironment, instanceKeys, instancePorts, openLog, runningInstance } from './lib/instance.mjs'
import { bundledNode, ensureDependencies, environmentOf, root, underBundledNode } from './lib/node.mjs'
import { Trouble } from './lib/processes.mjs'

/** Runs a TypeScript file with the instance's own environment; starts the bundled Postgres for its time where nothing runs. */
async function main() {
  const [file, ...rest] = process.argv.slice(2)
  if (!file) throw new Trouble('Say which script to run: node scripts/run.mjs scripts/<name>.ts')
  ensureDependencies(console.error)
  await underBundledNode()
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
  const node = bundledNode() ?? process.execPath
  const child = spawn(node, ['--import', 'tsx', path.resolve(root, file), ...rest], {
    stdio: 'inherit',
    env: environmentOf(node, env),
    cwd: root,
  })
  const code = await new Promise((resolve) => child.once('exit', (exit) => resolve(exit ?? 1)))
  await database?.stop()
  process.exit(code)
}

main().catch((error) => {
  console.error(error instanceof Trouble ? error.message : error)
  process.exit(1)
})
