import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { build, isBuilt } from '@/scripts/build.mjs'
import { type Fault, isClean, type Outcome, runFault } from './arena'
import { type Cluster, startCluster } from './cluster'
import { faults } from './faults'
import { type Provider, startProvider } from './provider'
import { createRandom, type Random } from './random'
import { describe, writeFaults } from './reliability'
import { mountSmallDisk } from './small-disk'

const usage = 'npm run faults -- [--seed n] [--only name,name] [--lane on|off] [--seconds n] [--print] [--keep]'

/** `npm run faults` goes through the whole list and writes what it found into docs/reliability.md. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      only: { type: 'string' },
      lane: { type: 'string', default: 'on' },
      /** Each fault happens again until so much time is over. */
      seconds: { type: 'string', default: '0' },
      /** Leaves the document as it is. */
      print: { type: 'boolean', default: false },
      /** Leaves the data of what went wrong. */
      keep: { type: 'boolean', default: false },
    },
  })
  const seed = Number(values.seed ?? Math.floor(Date.now() / 1_000) % 100_000)
  const names = values.only?.split(',')
  const chosen = faults.filter((fault) => names?.includes(fault.name) ?? true)
  const { lane } = values
  if (!Number.isInteger(seed) || chosen.length < (names?.length ?? 1) || (lane !== 'on' && lane !== 'off')) {
    console.error(`${usage}\nThe names are: ${faults.map(({ name }) => name).join(', ')}`)
    return 2
  }
  if (!isBuilt()) await build(console.log)
  console.log(`seed ${seed}, lane ${lane}`)
  const arenas = createArenas(lane, values.keep)
  const outcomes: Outcome[] = []
  try {
    for (const [index, fault] of chosen.entries()) {
      const random = createRandom(seed + index)
      const outcome = await arenas.run(fault, random, { name: `seed-${seed}-${fault.name}`, seconds: Number(values.seconds) })
      outcomes.push(outcome)
      console.log(describe(outcome))
    }
  } finally {
    await arenas.stop()
    if (!values.print) writeFaults({ lane, seed, outcomes })
  }
  const failed = outcomes.filter((outcome) => !isClean(outcome))
  console.log(failed.length === 0 ? 'nothing lost, doubled or repeated' : `${failed.length} of ${outcomes.length} went wrong`)
  return failed.length === 0 ? 0 : 1
}

/** One instance for all faults that can share it, made anew behind one that went wrong; others for those that need their own. */
function createArenas(lane: 'on' | 'off', keep: boolean) {
  let provider: Provider | null = null
  let shared: Cluster | null = null

  async function runOwn(fault: Fault, random: Random, name: string, seconds: number): Promise<Outcome> {
    const disk = fault.own?.onSmallDisk ? mountSmallDisk() : null
    if (fault.own?.onSmallDisk && !disk)
      return { name: fault.name, title: fault.title, verdict: null, recoveryMs: null, trouble: 'this user may not mount a small disk' }
    provider ??= await startProvider()
    const clockOffsetMs = fault.own?.clockOffsetMs?.(random) ?? 0
    const cluster = await startCluster({
      allowedHost: provider.host,
      lane,
      worker: { clockOffsetMs },
      ...(disk ? { home: disk.folder } : {}),
    })
    let outcome: Outcome | null = null
    try {
      outcome = await runFault(fault, { cluster, provider, random, name, seconds })
      return outcome
    } finally {
      await cluster.stop()
      if (!(keep && outcome && !isClean(outcome))) (disk?.unmount ?? (() => rmSync(cluster.home, { recursive: true, force: true })))()
    }
  }

  const stop = async (outcome?: Outcome) => {
    const stopped = shared
    shared = null
    await stopped?.stop()
    if (!stopped) return
    if (keep && outcome && !isClean(outcome)) console.log(`kept: ${stopped.home}`)
    else rmSync(stopped.home, { recursive: true, force: true })
  }
  return {
    async run(fault: Fault, random: Random, { name, seconds }: { name: string; seconds: number }): Promise<Outcome> {
      if (fault.own) return runOwn(fault, random, name, seconds)
      provider ??= await startProvider()
      shared ??= await startCluster({ allowedHost: provider.host, lane })
      const outcome = await runFault(fault, { cluster: shared, provider, random, name, seconds })
      if (!isClean(outcome)) await stop(outcome)
      return outcome
    },
    async stop() {
      await stop()
      await provider?.close()
    },
  }
}

process.exit(await main())
