import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { bundledNode, ensureDependencies, environmentOf, root, underBundledNode } from './lib/node.mjs'
import { output } from './lib/processes.mjs'

const checks = [
  { name: 'types', run: () => tool('tsc', ['--noEmit']) },
  { name: 'lint and format', run: () => tool('biome', ['check', '.']) },
  {
    name: 'boundaries',
    run: () => tool('depcruise', ['--config', '.dependency-cruiser.cjs', 'app', 'components', 'server', 'workflows', 'activities', 'db']),
  },
  { name: 'unused code', run: () => tool('knip', ['--no-progress']) },
  { name: 'migrations in step with the schema', run: migrationsInStep },
  { name: 'nodes.md in step', run: () => tool('tsx', ['scripts/node-docs.ts', '--check']) },
  { name: 'expressions.md in step', run: () => tool('tsx', ['scripts/expression-docs.ts', '--check']) },
]

function tool(name, args) {
  const node = bundledNode() ?? process.execPath
  return output(
    spawn(path.join(root, 'node_modules', '.bin', name), args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: environmentOf(node) }),
  )
}

/** Generates into a copy: anything new means that a change of the schema has no migration. */
async function migrationsInStep() {
  const copy = mkdtempSync(path.join(root, '.drizzle-check-'))
  try {
    cpSync(path.join(root, 'drizzle'), copy, { recursive: true })
    const before = readdirSync(copy).length
    const config = path.join(copy, 'drizzle.config.ts')
    const text = readFileSync(path.join(root, 'drizzle.config.ts'), 'utf8').replace("out: './drizzle'", `out: './${path.basename(copy)}'`)
    const { writeFileSync } = await import('node:fs')
    writeFileSync(config, text)
    const { code, text: printed } = await tool('drizzle-kit', ['generate', '--config', path.relative(root, config)])
    const after = readdirSync(copy).length - (existsSync(config) ? 1 : 0)
    if (code !== 0) return { code, text: printed }
    return after === before
      ? { code: 0, text: '' }
      : { code: 1, text: 'The schema has changes without a migration. Run npm run db:generate -- --name <what-changes> and commit it.' }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** Runs every check, two at a time, and prints one line each; answers how many passed and failed. */
export async function check(say = console.log) {
  const waiting = [...checks]
  let failed = 0
  const workOff = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const from = Date.now()
      const { code, text } = await next.run()
      const time = `${((Date.now() - from) / 1000).toFixed(1)} s`
      if (code !== 0) failed += 1
      say(code === 0 ? `✓ ${next.name}  ${time}` : `✗ ${next.name}  ${time}\n${text.trim().split('\n').slice(-80).join('\n')}`)
    }
  }
  await Promise.all([workOff(), workOff()])
  return { passed: checks.length - failed, failed }
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(root, 'scripts', 'check.mjs')) {
  ensureDependencies(console.log)
  await underBundledNode()
  const { failed } = await check()
  process.exit(failed ? 1 : 0)
}
