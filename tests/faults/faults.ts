import { eventually } from '../support/eventually'
import { published } from '../support/fill-with-work'
import { graphOf } from '../support/plan-of'
import type { Arena, Fault } from './arena'
import type { Part } from './cluster'
import { exhaustConnections } from './exhaust-connections'
import { killByItem, untilBothShare } from './shared-loops'
import { fillDisk } from './small-disk'

type PartName = 'worker' | 'web' | 'postgres' | 'temporal'

const words: Record<PartName, string> = { worker: 'Worker', web: 'Web', postgres: 'Postgres', temporal: 'Temporal' }
const partOf = ({ cluster }: Arena, name: PartName): Part => (name === 'worker' ? (cluster.workers[0] as Part) : cluster[name])

/** Kills it at a random moment and waits until another one took its place. */
async function kill(arena: Arena, parts: readonly Part[]): Promise<void> {
  const before = parts.map((part) => part.starts())
  await arena.spoil(() => {
    for (const part of parts) part.kill()
  })
  while (!parts.every((part, index) => part.starts() > (before[index] as number))) await arena.rest(50)
  await arena.cluster.untilReady()
}

const killEach = (name: PartName): Fault => ({
  name: `kill-${name}`,
  title: `${words[name]} killed (-9) twice`,
  isShort: name === 'worker',
  async run(arena) {
    for (let times = 0; times < 2; times++) {
      await arena.rest(200, 3_000)
      await kill(arena, [partOf(arena, name)])
    }
  },
})

/** What is under way ends or is given back before a machine that stops would kill it. */
const graceMs = 25_000

/** Longer than a lease, so that a frozen holder finds its runs taken over. */
const frozenMs = [12_000, 16_000] as const

const freezeEach = (name: PartName): Fault => ({
  name: `freeze-${name}`,
  title: `${words[name]} frozen for ${frozenMs[0] / 1_000}–${frozenMs[1] / 1_000} s, then goes on`,
  async run(arena) {
    await arena.rest(200, 2_000)
    await arena.spoil(async () => {
      const goOn = partOf(arena, name).freeze()
      await arena.rest(...frozenMs)
      goOn()
    })
    await arena.cluster.untilReady()
  },
})

const temporalAway = (seconds: number): Fault => ({
  name: `temporal-away-${seconds}`,
  title: `Temporal away for ${seconds} s`,
  async run(arena) {
    const { temporal } = arena.cluster
    await arena.rest(200, 1_500)
    await arena.spoil(async () => {
      await temporal.stop('SIGKILL')
      await arena.rest(seconds * 1_000)
      await temporal.start()
    })
    await arena.cluster.untilReady()
  },
})

const deadLine = (name: 'database' | 'temporal'): Fault => ({
  name: `half-open-${name}`,
  title: `Every connection to ${name === 'database' ? 'Postgres' : 'Temporal'} goes silent without being closed`,
  isShort: name === 'database',
  async run(arena) {
    await arena.rest(200, 1_500)
    await arena.spoil(() => {
      arena.cluster[`${name}Line`].stall()
    })
    // Nothing tells the processes: they have to find out.
    await arena.rest(name === 'database' ? 12_000 : 30_000)
    await arena.cluster.untilReady()
  },
})

const otherClock = (name: string, title: string, sign: 1 | -1): Fault => ({
  name,
  title,
  own: { clockOffsetMs: (random) => sign * random.between(30_000, 240_000) },
  async run(arena) {
    await arena.rest(6_000)
    await kill(arena, [partOf(arena, 'worker')])
    await arena.rest(3_000)
  },
})

export const faults: readonly Fault[] = [
  killEach('worker'),
  killEach('web'),
  killEach('postgres'),
  killEach('temporal'),
  {
    name: 'kill-all',
    title: 'All four killed (-9) at once',
    async run(arena) {
      const { web, workers, postgres, temporal } = arena.cluster
      await arena.rest(200, 3_000)
      await kill(arena, [web, postgres, temporal, ...workers])
    },
  },
  {
    name: 'stop-worker',
    title: 'Worker told to stop (SIGTERM) three times, each time started again',
    async run(arena) {
      const worker = partOf(arena, 'worker')
      for (let times = 0; times < 3; times++) {
        await arena.rest(200, 3_000)
        await arena.spoil(async () => {
          const from = performance.now()
          await worker.stop('SIGTERM')
          if (performance.now() - from > graceMs) throw new Error('the worker did not stop within its grace time')
          await worker.start()
        })
        await arena.cluster.untilReady()
      }
    },
  },
  freezeEach('worker'),
  {
    name: 'freeze-beside',
    title: `One of two workers frozen for ${frozenMs[0] / 1_000}–${frozenMs[1] / 1_000} s; the other takes its runs over`,
    async run(arena) {
      const second = await arena.cluster.addWorker()
      await arena.rest(3_000, 5_000)
      await arena.spoil(async () => {
        const goOn = partOf(arena, 'worker').freeze()
        await arena.rest(...frozenMs)
        goOn()
      })
      await arena.rest(2_000)
      await arena.cluster.dropWorker(second)
    },
  },
  {
    name: 'shared-loops',
    title: `Loops of 1,000 calls shared by two workers, one of which is killed (-9) four times and frozen once for ${frozenMs[0] / 1_000}–${frozenMs[1] / 1_000} s`,
    run: spoilSharedLoops,
  },
  {
    name: 'shared-loops-database',
    title: 'Loops of 1,000 calls shared by two workers; Postgres killed twice, and once every connection to it goes silent',
    run: silenceSharedLoops,
  },
  freezeEach('web'),
  freezeEach('postgres'),
  freezeEach('temporal'),
  temporalAway(5),
  temporalAway(60),
  {
    name: 'postgres-away',
    title: 'Postgres killed, away for 5 s, started again',
    async run(arena) {
      const { postgres } = arena.cluster
      await arena.rest(200, 1_500)
      await arena.spoil(async () => {
        await postgres.stop('SIGKILL')
        await arena.rest(5_000)
        await postgres.start()
      })
      await arena.cluster.untilReady()
    },
  },
  {
    name: 'connections',
    title: 'Every connection that Postgres allows taken by somebody else for 10 s',
    async run(arena) {
      await arena.rest(200, 1_500)
      await arena.spoil(async () => {
        const release = await exhaustConnections(arena.cluster.adminUrl)
        await arena.rest(10_000)
        await release()
      })
      await arena.cluster.untilReady()
    },
  },
  {
    name: 'slow-database',
    title: 'Each answer of Postgres takes 40–160 ms longer, for 15 s',
    async run(arena) {
      const { databaseLine } = arena.cluster
      await arena.spoil(async () => {
        databaseLine.delay(() => arena.random.between(20, 80))
        await arena.rest(15_000)
        databaseLine.delay(() => 0)
      })
    },
  },
  {
    name: 'full-disk',
    title: 'The disk with all data full for 8 s',
    own: { onSmallDisk: true },
    async run(arena) {
      await arena.rest(200, 1_500)
      await arena.spoil(async () => {
        const free = fillDisk(arena.cluster.home)
        await arena.rest(8_000)
        free()
      })
      await arena.cluster.untilReady()
    },
  },
  deadLine('database'),
  deadLine('temporal'),
  {
    name: 'provider-drops',
    title: 'The other side acts and drops the line, three times in ten',
    isShort: true,
    async run(arena) {
      const { provider, random } = arena
      await arena.spoil(async () => {
        provider.drop(0.3, random.next)
        await arena.rest(5_000)
        provider.drop(0, random.next)
      })
    },
  },
  {
    name: 'deliveries',
    title: 'Each webhook delivered two to four times, out of order',
    isShort: true,
    copies: (random) => Array.from({ length: random.between(2, 4) }, () => random.between(0, 1_500)),
    run: (arena) => arena.rest(6_000),
  },
  otherClock('clock-ahead', "The worker's clock 30–240 s ahead, and the worker killed", 1),
  otherClock('clock-behind', "The worker's clock 30–240 s behind, and the worker killed", -1),
  {
    name: 'poison',
    title: 'One run kills its worker (-9) whenever it is executed; it is set aside, and nobody else is blamed',
    run: poison,
  },
  {
    name: 'poison-item',
    title: 'One item of a loop that two workers share kills whoever executes it; its run is set aside, and nobody else is blamed',
    run: killByItem,
  },
  {
    name: 'start-orders',
    title: 'Everything stopped and started in every order of the four',
    async run(arena) {
      const { cluster, random } = arena
      const four = [cluster.postgres, cluster.temporal, cluster.web, cluster.workers[0] as Part]
      for (const order of random.shuffled(ordersOf(four))) {
        await Promise.all([cluster.web.stop('SIGTERM'), ...cluster.workers.map((part) => part.stop('SIGTERM'))])
        await Promise.all([cluster.postgres.stop('SIGINT'), cluster.temporal.stop('SIGTERM')])
        await arena.spoil(async () => {
          for (const part of order) {
            await part.start()
            await arena.rest(0, 1_500)
          }
        })
        await cluster.untilReady()
        await arena.rest(1_500)
      }
    },
  },
  {
    name: 'upgrade',
    title: 'Three times a worker of a new build started beside the old one, which is then stopped',
    async run(arena) {
      const { cluster } = arena
      for (const build of ['two', 'three', 'four']) {
        await cluster.addWorker({ build })
        await arena.rest(3_000, 4_000)
        await arena.spoil(() => cluster.dropWorker(cluster.workers[0] as Part))
      }
    },
  },
]

async function spoilSharedLoops(arena: Arena): Promise<void> {
  const worker = () => arena.random.pick(arena.cluster.workers)
  await whileShared(arena, 5, {
    mostly: () => kill(arena, [worker()]),
    once: () =>
      arena.spoil(async () => {
        const goOn = worker().freeze()
        await arena.rest(...frozenMs)
        goOn()
      }),
  })
}

async function silenceSharedLoops(arena: Arena): Promise<void> {
  const { cluster } = arena
  await whileShared(arena, 3, {
    mostly: () => kill(arena, [cluster.postgres]),
    once: async () => {
      await arena.spoil(() => {
        cluster.databaseLine.stall()
      })
      await arena.rest(12_000)
      await cluster.untilReady()
    },
  })
}

/** Two workers, and so many times something that happens while both go through one loop; one of the times another thing. */
async function whileShared(arena: Arena, times: number, spoil: { mostly: () => Promise<void>; once: () => Promise<void> }): Promise<void> {
  const { cluster, random } = arena
  const second = await cluster.addWorker()
  const another = random.between(0, times - 1)
  for (let time = 0; time < times; time++) {
    await untilBothShare(arena)
    await arena.rest(0, 2_000)
    await (time === another ? spoil.once() : spoil.mostly())
  }
  await cluster.dropWorker(second)
}

async function poison(arena: Arena): Promise<void> {
  const { cluster, provider } = arena
  const { api } = cluster.owner
  const name = `poison-${arena.random.between(0, 1e9)}`
  const graph = graphOf('start -> kill', {
    start: { type: 'trigger.manual' },
    kill: { type: 'http.request', params: { method: 'POST', url: `${provider.url}/${name}` }, settings: { retry: { attempts: 1 } } },
  })
  const workflowId = await published(api, name, '', graph)
  provider.listen(({ path }) => {
    if (path === `/${name}`) partOf(arena, 'worker').kill()
  })
  await arena.spoil(async () => {
    const { runId } = await api.runs.start.mutate({ workflowId, input: {} })
    const code = await eventually(
      'the run that kills is set aside',
      async () => (await api.runs.get.query({ runId }).catch(() => null))?.error?.message,
      200_000,
    )
    if (!code.includes('Three times')) throw new Error(`the run that kills ended with: ${code}`)
  })
  provider.listen(() => {})
  await cluster.untilReady()
}

function ordersOf<T>(parts: readonly T[]): T[][] {
  if (parts.length <= 1) return [[...parts]]
  return parts.flatMap((first, index) => ordersOf(parts.filter((_, other) => other !== index)).map((rest) => [first, ...rest]))
}
