import { eventually } from '../support/eventually'
import { check, type Verdict } from './check'
import type { Cluster } from './cluster'
import { type Kind, publishShapes, startLoad } from './load'
import type { Provider } from './provider'
import type { Random } from './random'

/** Where a fault happens: an instance under load, and the means to spoil it. */
export interface Arena {
  cluster: Cluster
  provider: Provider
  random: Random
  /** Times a fault: recovery counts from the end of `work`. */
  spoil(work: () => Promise<void> | void): Promise<void>
  rest(leastMs: number, mostMs?: number): Promise<void>
  /** One more delivery, beside those that come all the time. */
  send(kind: Kind): void
}

export interface Fault {
  name: string
  title: string
  /** Short enough for every test run. */
  isShort?: boolean
  /** Needs an instance of its own, with these. */
  own?: { clockOffsetMs?: (random: Random) => number; onSmallDisk?: boolean }
  copies?: (random: Random) => number[]
  run(arena: Arena): Promise<void>
}

export interface Outcome {
  name: string
  title: string
  verdict: Verdict | null
  recoveryMs: { p50: number; p95: number } | null
  /** What kept it from being measured. */
  trouble: string | null
}

const perSecond = 8
/** Without an end, and nothing else ended for so long: lost. */
const standsStillMs = 150_000

/** Puts an instance under load, lets the fault happen, and says what became of everything that was accepted. */
export async function runFault(
  fault: Fault,
  parts: { cluster: Cluster; provider: Provider; random: Random; name: string; seconds?: number },
): Promise<Outcome> {
  const { cluster, provider, random, name, seconds = 0 } = parts
  const { owner } = cluster
  const windows: { from: number; to: number }[] = []
  const shapes = await publishShapes(owner, provider.url, name)
  const { copies } = fault
  const load = startLoad({ urls: shapes.urls, perSecond, ...(copies ? { copies: () => copies(random) } : {}) })
  const arena: Arena = {
    cluster,
    provider,
    random,
    async spoil(work) {
      const from = Date.now()
      await work()
      windows.push({ from, to: Date.now() })
    },
    rest: (leastMs, mostMs = leastMs) => new Promise((resolve) => setTimeout(resolve, random.between(leastMs, mostMs))),
    send: (kind) => {
      load.send(kind)
    },
  }
  let trouble: string | null = null
  try {
    await eventually('runs are accepted', async () => load.accepted() > 15, 60_000)
    const from = performance.now()
    do await fault.run(arena)
    while (performance.now() - from < seconds * 1_000)
    await arena.rest(2_500)
  } catch (error) {
    trouble = (error as Error).message
  }
  const deliveries = await load.stop()
  const { adminUrl } = cluster
  const look = () =>
    check({
      adminUrl,
      organization: owner.organizationId,
      shapes,
      name,
      deliveries,
      ledger: provider.ledger,
    }).catch(() => null)
  const verdict = await untilNothingEnds(look)
  if (!verdict) trouble ??= 'the database could not be asked'
  return { name: fault.name, title: fault.title, verdict, recoveryMs: recoveryOf(verdict, windows), trouble }
}

/** The books when every accepted run has ended, or when nothing moves on any more. */
async function untilNothingEnds(look: () => Promise<Verdict | null>): Promise<Verdict | null> {
  let verdict: Verdict | null = null
  let movedAt = performance.now()
  while (performance.now() - movedAt < standsStillMs) {
    const found = await look()
    if (found && found.finished > (verdict?.finished ?? -1)) movedAt = performance.now()
    verdict = found ?? verdict
    if (found?.lost.length === 0) return found
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  return verdict
}

/** How long after a fault was over the runs took that it met: sent before its end, ended after. */
function recoveryOf(verdict: Verdict | null, windows: readonly { from: number; to: number }[]): Outcome['recoveryMs'] {
  const times = windows
    .flatMap(({ to }) => (verdict?.ends ?? []).filter((end) => end.sentAt < to && end.finishedAt > to).map((end) => end.finishedAt - to))
    .sort((a, b) => a - b)
  if (times.length === 0) return null
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] as number
  return { p50: at(0.5), p95: at(0.95) }
}

export function isClean({ verdict, trouble }: Outcome): boolean {
  if (!verdict || trouble) return false
  return [verdict.lost, verdict.doubled, verdict.repeated, verdict.tooOften, verdict.wrong].every((found) => found.length === 0)
}
