import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { hookOf, published } from '../tests/support/fill-with-work'
import { millraceClient, signIn } from '../tests/support/millrace-client'
import { startInstance } from '../tests/support/start-instance'
import { comparedShapes } from './shapes'

const account = { email: 'bench@millrace.example', password: 'copper lantern under seven bridges' }
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'millrace.json' },
    home: { type: 'string', default: '.millrace-bench' },
    port: { type: 'string', default: '3900' },
    lane: { type: 'string', default: 'on' },
  },
})

/**
 * `npm run bench:target -- --out <file>` makes a home with the shapes that are compared, published, and writes how a runner that measures
 * several servers starts it and which address runs which shape. `--lane off` describes it without the lane.
 */
async function main() {
  const home = path.resolve(values.home)
  const port = Number(values.port)
  rmSync(home, { recursive: true, force: true })
  const env = { MILLRACE_OWNER_EMAIL: account.email, MILLRACE_OWNER_PASSWORD: account.password }
  const instance = await startInstance({ home, port, env })
  const scenarios: Record<string, string> = {}
  try {
    const cookie = await signIn(instance.url, account)
    const { items } = await millraceClient({ url: instance.url, cookie }).organizations.mine.query()
    const organizationId = items.find((one) => !one.isExamples)?.id as string
    const api = millraceClient({ url: instance.url, cookie, organizationId })
    for (const [name, graph] of Object.entries(comparedShapes())) {
      scenarios[name] = new URL(await hookOf(api, await published(api, `Bench ${name}`, '', graph))).pathname
    }
  } finally {
    await instance.stop()
  }
  const out = path.resolve(values.out)
  mkdirSync(path.dirname(out), { recursive: true })
  const target = {
    name: values.lane === 'off' ? 'millrace-lane-off' : 'millrace',
    cwd: path.relative(path.dirname(out), path.resolve(import.meta.dirname, '..')) || '.',
    base: `http://127.0.0.1:${port}`,
    health: '/readyz',
    editor: '/workflows/$ID',
    env: { PORT: String(port), MILLRACE_HOME: home, MILLRACE_LANE: values.lane, DATABASE_URL: '', TEMPORAL_ADDRESS: '' },
    start: [{ role: 'main', cmd: ['node', 'scripts/start.mjs'] }],
    scenarios,
  }
  writeFileSync(out, `${JSON.stringify(target, null, 2)}\n`)
  console.log(`written to ${out}; the home is ${home}`)
}

await main()
