import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { hookOf, published } from '../tests/support/fill-with-work'
import { millraceClient, signIn } from '../tests/support/millrace-client'
import { startInstance } from '../tests/support/start-instance'
import { type CpuProfile, flameGraph, hottest } from './flame-graph'
import { openInspector } from './inspector'
import { load } from './load'
import { nameOf, withDescendants } from './memory'
import { comparedShapes } from './shapes'

const account = { email: 'bench@millrace.example', password: 'copper lantern under seven bridges' }
const { values } = parseArgs({
  options: {
    shape: { type: 'string', default: 'hook' },
    connections: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '8' },
    part: { type: 'string', default: 'worker' },
    lane: { type: 'string', default: 'on' },
  },
})

/**
 * `npm run bench:profile -- --shape hook --part worker` loads one shape, takes a CPU profile of that process meanwhile, prints where the
 * time went and writes a flame graph and the profile itself below `test-results/profiles/`.
 */
async function main(): Promise<void> {
  const { shape, part } = values
  const graph = comparedShapes()[shape]
  if (!graph) throw new Error(`There is no shape "${shape}". Choose one of ${Object.keys(comparedShapes()).join(', ')}.`)
  const home = mkdtempSync(path.join(os.tmpdir(), 'millrace-profile-'))
  const env = {
    MILLRACE_OWNER_EMAIL: account.email,
    MILLRACE_OWNER_PASSWORD: account.password,
    MILLRACE_LANE: values.lane,
    LOG_LEVEL: 'warn',
  }
  const instance = await startInstance({ home, env })
  try {
    const cookie = await signIn(instance.url, account)
    const { items } = await millraceClient({ url: instance.url, cookie }).organizations.mine.query()
    const organizationId = items.find((one) => !one.isExamples)?.id as string
    const api = millraceClient({ url: instance.url, cookie, organizationId })
    const hook = new URL(await hookOf(api, await published(api, `Profile ${shape}`, '', graph)))
    hook.port = new URL(instance.url).port
    const send = (seconds: number) =>
      load({ url: hook.href, connections: Number(values.connections), seconds, body: () => '{"n":12,"id":"x"}' })
    await send(5)
    const pid = withDescendants(instance.child.pid as number).find((one) => nameOf(one) === part)
    if (pid === undefined) throw new Error(`There is no part "${part}". Choose worker or web.`)
    const stop = await startProfile(pid)
    const { perSecond, p50Ms } = await send(Number(values.seconds))
    const profile = await stop()
    console.log(`${perSecond.toFixed(0)} runs/s, p50 ${p50Ms.toFixed(1)} ms; where the ${part} spent its time:`)
    for (const { name, ms } of hottest(profile, 25)) console.log(`${ms.toFixed(1).padStart(9)} ms  ${name}`)
    const folder = path.resolve('test-results/profiles')
    mkdirSync(folder, { recursive: true })
    const file = path.join(folder, `${shape}-${values.lane}-${part}`)
    writeFileSync(`${file}.cpuprofile`, JSON.stringify(profile))
    writeFileSync(`${file}.svg`, flameGraph(profile, `${shape}, lane ${values.lane}, ${part}`))
    console.log(`written to ${file}.svg`)
  } finally {
    await instance.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

async function startProfile(pid: number): Promise<() => Promise<CpuProfile>> {
  const { ask, close } = await openInspector(pid)
  await ask('Profiler.enable')
  await ask('Profiler.setSamplingInterval', { interval: 250 })
  await ask('Profiler.start')
  return async () => {
    const { profile } = await ask<{ profile: CpuProfile }>('Profiler.stop')
    close()
    return profile
  }
}

await main()
