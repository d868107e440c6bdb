import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '@/scripts/lib/ports.mjs'
import { eventually } from '../support/eventually'
import { asOwner, type Signed } from '../support/owner'
import { type Instance, startInstance } from '../support/start-instance'
import { check } from './check'
import { publishShapes, startLoad } from './load'
import { type Provider, startProvider } from './provider'

const folder = mkdtempSync(path.join(os.tmpdir(), 'millrace-faults-'))
const processes = ['worker', 'web', 'postgres', 'temporal'] as const
type ProcessName = (typeof processes)[number]

let provider: Provider
let instance: Instance
let owner: Signed

beforeAll(async () => {
  provider = await startProvider()
  instance = await startInstance({
    port: await freePort(),
    home: path.join(folder, 'home'),
    env: { MILLRACE_ALLOWED_HOSTS: provider.host },
    // While developing, without a build.
    args: process.env.MILLRACE_FAULTS_DEV ? ['--dev'] : [],
  })
  owner = await asOwner(instance.url, instance.setupLink ?? '')
})

afterAll(async () => {
  await instance?.stop()
  await provider?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Running {
  adminUrl: string
  children: Partial<Record<ProcessName, number>>
}
const running = (): Running => JSON.parse(readFileSync(path.join(instance.home, 'running.json'), 'utf8')) as Running

/** Kills at once, without a chance to say goodbye, and waits until the start command put another one in its place. */
async function kill(names: readonly ProcessName[]): Promise<void> {
  const before = running().children
  for (const name of names) process.kill(before[name] as number, 'SIGKILL')
  try {
    await eventually(
      `${names.join(' and ')} started again`,
      async () => {
        const { children } = running()
        return names.every((name) => children[name] !== undefined && children[name] !== before[name])
      },
      90_000,
    )
    await eventually('everything is ready again', async () => (await fetch(`${instance.url}/readyz`).catch(() => null))?.ok, 120_000)
  } catch (error) {
    throw new Error(`${(error as Error).message}: ${JSON.stringify({ before, now: running().children })}\n${instance.printed()}`)
  }
}

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('killing processes under load', () => {
  it('loses no accepted run, doubles none, and repeats no finished step', async () => {
    const name = 'kill'
    const shapes = await publishShapes(owner, provider.url, name)
    const load = startLoad({ urls: shapes.urls, perSecond: 10 })
    await eventually('runs are accepted', async () => load.accepted() > 30, 60_000)
    for (const one of processes) {
      await kill([one])
      await rest(4_000)
    }
    await kill(processes)
    await rest(6_000)
    const deliveries = await load.stop()
    const { adminUrl } = running()
    const verdict = await eventually(
      'every accepted run ends',
      async () => {
        const found = await check({
          adminUrl: running().adminUrl ?? adminUrl,
          organization: owner.organizationId,
          shapes,
          name,
          deliveries,
          ledger: provider.ledger,
        })
        return found.lost.length === 0 && found
      },
      180_000,
    )
    const { ends: _ends, ...counts } = verdict
    console.log(JSON.stringify(counts))
    expect(verdict.accepted).toBeGreaterThan(150)
    expect(verdict).toMatchObject({ lost: [], doubled: [], repeated: [], tooOften: [], wrong: [] })
  })
})
