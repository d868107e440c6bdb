import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runFault } from './arena'
import { type Cluster, startCluster } from './cluster'
import { faults } from './faults'
import { journeys } from './journeys'
import { type Provider, startProvider } from './provider'
import { createRandom } from './random'
import { describe as inWords } from './reliability'

const seed = Number(process.env.MILLRACE_FAULTS_SEED ?? 7)
const selection = { on: ['half-open-database', 'provider-drops', 'deliveries'], off: ['kill-worker'] } as const

let provider: Provider
beforeAll(async () => {
  provider = await startProvider()
})
afterAll(() => provider.close())

describe.each(['on', 'off'] as const)('with the lane %s', (lane) => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({ allowedHost: provider.host, lane })
  })
  afterAll(async () => {
    await cluster?.stop()
    if (cluster) rmSync(cluster.home, { recursive: true, force: true })
  })

  if (lane === 'off') {
    it.each(journeys)('$name', ({ go }) => go(cluster, provider))
  }

  it.each(selection[lane])('nothing is lost, doubled or repeated: %s', async (name) => {
    const fault = faults.find((one) => one.name === name)
    if (!fault) throw new Error(`there is no fault ${name}`)
    const outcome = await runFault(fault, { cluster, provider, random: createRandom(seed), name: `seed-${seed}-${name}-${lane}` })
    console.log(`seed ${seed}, lane ${lane}: ${inWords(outcome)}`)
    expect(outcome).toMatchObject({ trouble: null, verdict: { lost: [], doubled: [], repeated: [], tooOften: [], wrong: [] } })
    expect(outcome.verdict?.accepted).toBeGreaterThan(15)
  })
})
