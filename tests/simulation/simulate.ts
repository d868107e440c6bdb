import { compile } from '@/workflows/graph/compile'
import type { Graph, Json } from '@/workflows/graph/schema'
import { executePlan, isQuick } from '@/workflows/runtime/execute-plan'
import { isSettled, stepLogOf } from '@/workflows/runtime/flow-state'
import { createLogFold } from '@/workflows/runtime/fold-log'
import { neededOutputs } from '@/workflows/runtime/needed-outputs'
import type {
  ChunkOptions,
  FinishedItems,
  Host,
  Plan,
  PlanOutcome,
  RunFacts,
  SettledWait,
  StepCall,
  StepLog,
  StepRecord,
  StepResult,
  StoredValues,
} from '@/workflows/runtime/types'
import { runFacts } from '../support/plain-host'
import { createRandom } from './random'
import { childIdOf, decisionOf, effectOf, plain, referenceRun } from './reference-model'

class Crash extends Error {}

export interface Simulated {
  outcome: PlanOutcome
  log: Map<string, StepRecord>
  crashes: number
  /** Parts of loops that other workers went through. */
  chunks: number
  slices: number
  steps: number
}

/** One run in a world where everything that may happen between two writes does happen sooner or later. Throws when a law is broken. */
export async function simulate(graph: Graph, seed: number): Promise<Simulated> {
  const made = compile(graph)
  if (!made.ok) throw new Error(`the graph is not sound: ${JSON.stringify(made.problems[0])}`)
  const world = createWorld(seed)
  const { random } = world
  const data: Json = { v: seed % 10 }
  const cancelAt = random.chance(0.12) ? random.between(1, 6) : null
  let outcome: PlanOutcome | null = null
  let slices = 0
  let cancelling = false
  for (; ; slices++) {
    if (slices > 5_000) throw new Error(`the run comes to no end: ${JSON.stringify(outcome)}`)
    if (slices === cancelAt) {
      cancelling = true
      world.dropChunks()
    }
    if (!cancelling && (outcome?.kind === 'waiting' || outcome?.kind === 'more')) await world.goThroughChunks(made.plan, runFacts(data))
    world.begin()
    let rest: readonly StepRecord[] = []
    try {
      const { log: known, finished } = world.taken(made.plan)
      outcome = await executePlan(made.plan, known, runFacts(data), world.host, {
        ...(finished ? { finished } : {}),
        settled: world.settled(),
        ...(slices > 0 || random.chance(0.5) ? {} : { fits: isQuick }),
        concurrency: random.between(1, 6),
        sliceMs: random.pick([1, 5, 1_000_000]),
        monotonic: world.monotonic,
        cancelling,
        ...(random.chance(0.5)
          ? {
              keepRest: (records) => {
                rest = records
              },
            }
          : {}),
      })
      // A lane writes the last steps with the end of the run: neither is there without the other.
      if (rest.length > 0) await world.host.record(rest)
    } catch (error) {
      if (!(error instanceof Crash)) throw error
      world.clock.now += 10
      continue
    }
    if (outcome.kind === 'waiting') {
      if (outcome.waits.length === 0) throw new Error('the run waits for nothing')
      if (cancelling) throw new Error('a run that is cancelled waits')
      if (!world.mayWake(outcome)) world.pass(outcome)
      continue
    }
    if (outcome.kind === 'succeeded' || outcome.kind === 'failed' || outcome.kind === 'stopped') break
  }
  const log = world.log() as Map<string, StepRecord>
  checkFinally(made.plan, log)
  checkAgainstModel(graph, seed, data, { outcome, log, cancelling })
  return { outcome, log, crashes: world.crashes(), chunks: world.chunks(), slices, steps: log.size }
}

/** Some items of a loop that another worker goes through. */
interface Chunk extends Omit<ChunkOptions, 'onFailed'> {
  crashes: number
  ended: boolean
}

function createWorld(seed: number) {
  const random = createRandom(seed ^ 0x5bd1e995)
  const clock = { now: Date.UTC(2026, 0, 1) }
  const rows = new Map<string, StepRecord>()
  /** Waits for people and for other runs that came to their end, by path and attempt. */
  const over = new Map<string, SettledWait>()
  const children = new Map<string, Json>()
  const begun = new Map<string, number>()
  const crashShare = random.pick([0, 0, 0.01, 0.05])
  /** Every output is stored apart, and a run that is taken up knows no more of the past than it needs. */
  const isByReference = seed % 3 === 0
  const isFolded = seed % 3 <= 1
  /** Loops that may be shared are handed to other workers, a few items each. */
  const isShared = seed % 2 === 0
  const chunks: Chunk[] = []
  const values = new Map<string, Json>()
  const luck = createRandom(seed ^ 0x2545f491)
  let pending: (() => void)[] = []
  let mono = 0
  let crashes = 0
  let isDown = false
  let isCancelling = false

  /** What is under way ends in any order. */
  const later = () => {
    const [one] = pending.splice(random.between(0, pending.length - 1), 1)
    one?.()
  }
  const die = () => {
    isDown = true
    crashes += 1
  }
  const result = (call: StepCall): StepResult => {
    const did = effectOf(seed, call.path, call.attempt, call.input)
    if (did.ok) return { ok: true, port: 'main', output: did.output }
    return { ok: false, error: { class: 'transient', code: 'test', message: 'It did not work.' } }
  }
  /** The last of a loop's chunks wakes the run. */
  const settleChunks = (path: string) => {
    if (chunks.some((chunk) => chunk.path === path && !chunk.ended)) return
    over.set(`${path}#1`, { path, attempt: 1, kind: 'chunks', settledBy: 'outside', result: null })
  }
  const endChunks = (path: string) => {
    for (const chunk of chunks) if (chunk.path === path) chunk.ended = true
    settleChunks(path)
  }
  const mayCrash = () => {
    if (!isDown && random.chance(crashShare)) die()
    if (isDown) throw new Crash()
  }
  /** A next try has its time, whatever else wakes the run; what cleans up waits for nothing. */
  const checkTime = (path: string, attempt: number, cancelling: boolean) => {
    const last = rows.get(`${path}#${attempt - 1}`)
    if (!cancelling && last?.retryAt && last.retryAt.getTime() > clock.now) throw new Error(`${path}#${attempt} is tried before its time`)
  }
  const sharing: Pick<Host, 'leastShared' | 'startChunks' | 'stopChunks'> = {
    leastShared: 2,
    async startChunks({ path, items, concurrency }) {
      mayCrash()
      if (!chunks.some((chunk) => chunk.path === path)) {
        const record = rows.get(`${path}#1`)
        if (record?.status !== 'started') throw new Error(`${path} is shared before it is recorded`)
        const size = random.between(1, items)
        for (let from = 0; from < items; from += size)
          chunks.push({ path, from, to: Math.min(items, from + size), items, concurrency, crashes: 0, ended: false })
        record.input = { ...(record.input as object), chunks: chunks.length }
      }
      mayCrash()
      return true
    },
    async stopChunks(path) {
      mayCrash()
      endChunks(path)
      mayCrash()
    },
  }
  const host: Host = {
    ...(isByReference ? { stored: storedIn(values, luck) } : {}),
    ...(isShared ? sharing : {}),
    now: () => new Date(clock.now),
    random: () => 0,
    execute(call) {
      const known = rows.get(`${call.path}#${call.attempt}`)
      if (known && known.status !== 'started') throw new Error(`${call.path} is ${known.status} and is executed again`)
      checkTime(call.path, call.attempt, isCancelling)
      const place = `${call.path}#${call.attempt}`
      // A process that died does nothing more.
      if (isDown) return Promise.resolve({ ok: false, error: { class: 'cancelled', code: 'dead', message: '' } })
      if (begun.get(place) === crashes) throw new Error(`${place} is executed twice without a crash`)
      begun.set(place, crashes)
      if (random.chance(crashShare)) die()
      return new Promise((resolve) => {
        call.signal.addEventListener('abort', () => resolve({ ok: false, error: { class: 'cancelled', code: 'aborted', message: '' } }), {
          once: true,
        })
        pending.push(() => {
          if (random.chance(crashShare)) die()
          resolve(result(call))
        })
        setImmediate(later)
      })
    },
    async startChild({ path, attempt, input }) {
      if (isDown) throw new Crash()
      const place = `${path}#${attempt}`
      checkTime(path, attempt, isCancelling)
      const known = children.get(place)
      if (known !== undefined && key(known) !== key(input)) throw new Error(`${place} starts its run with something else`)
      if (!random.chance(crashShare)) children.set(place, input)
      else die()
      if (isDown || random.chance(crashShare)) {
        die()
        throw new Crash()
      }
      return { ok: true, runId: childIdOf(path, attempt) }
    },
    async record(records) {
      // A write takes its time; other steps may end meanwhile.
      if (luck.chance(0.3)) {
        await new Promise<void>((resolve) => {
          pending.push(resolve)
          setImmediate(later)
        })
      }
      if (isDown) throw new Crash()
      if (random.chance(crashShare)) {
        die()
        throw new Crash()
      }
      for (const record of records) {
        const place = `${record.path}#${record.attempt}`
        const known = rows.get(place)
        if (known && known.status !== 'started' && known.status !== 'waiting')
          throw new Error(`${place} is ${known.status} and is recorded again as ${record.status}`)
        const { wait: _wait, ...kept } = record
        rows.set(place, kept)
        if (!isByReference || kept.output === undefined) continue
        values.set(place, kept.output)
        kept.apart = { output: place }
        record.apart = { output: place }
      }
      if (random.chance(crashShare)) {
        die()
        throw new Crash()
      }
    },
  }
  const childEnd = (path: string, attempt: number): Json => {
    const did = effectOf(seed, path, attempt, children.get(`${path}#${attempt}`) ?? null)
    const common = { runId: childIdOf(path, attempt), workflowName: 'Other' }
    if (did.ok) return { ...common, status: 'succeeded', output: did.output }
    return { ...common, status: 'failed', error: { class: 'transient', code: 'test', message: 'It did not work.' } }
  }
  const taken = (plan: Plan, chunk?: Chunk): { log: StepLog; finished?: FinishedItems } => {
    const log = stepLogOf([...rows.values()].filter((record) => !chunk || isFor(chunk, record.path)))
    const slim = [...log.values()].map((record) => (record.apart ? { ...record, output: undefined } : record))
    const fold = createLogFold(plan)
    if (isFolded) for (const record of slim) fold.add(record)
    const known = isFolded ? fold.end() : { log: stepLogOf(slim) as Map<string, StepRecord> }
    const apart = [...known.log.values()].filter((record) => record.apart?.output !== undefined).map(({ path }) => path)
    for (const path of neededOutputs(plan, known.log, apart)) {
      const record = known.log.get(path) as StepRecord
      record.output = values.get(record.apart?.output as string)
    }
    return known
  }
  const monotonic = () => (mono += random.next() < 0.3 ? 1 : 0)
  const begin = () => {
    isDown = false
    pending = []
  }
  const goThrough = async (chunk: Chunk, plan: Plan, facts: RunFacts): Promise<void> => {
    begin()
    let failed = false
    const { log, finished } = taken(plan, chunk)
    const { leastShared: _least, startChunks: _start, stopChunks: _stop, ...own } = host
    try {
      const outcome = await executePlan(plan, log, facts, own, {
        ...(finished ? { finished } : {}),
        only: new Set([chunk.path]),
        chunk: { ...chunk, onFailed: () => (failed = true) },
        sliceMs: random.pick([1, 5, 1_000_000]),
        monotonic,
        stopping: () => (failed ? 'shutdown' : null),
      })
      chunk.ended = failed || outcome.kind !== 'more'
    } catch (error) {
      if (!(error instanceof Crash)) throw error
      chunk.crashes += 1
      chunk.ended = chunk.crashes > 1
    }
    if (failed) endChunks(chunk.path)
    else settleChunks(chunk.path)
  }
  return {
    host,
    random,
    clock,
    taken,
    monotonic,
    begin,
    crashes: () => crashes,
    chunks: () => chunks.length,
    log: () => stepLogOf(rows.values()),
    /** Some of what other workers have, in any order and as far as luck would have it. */
    async goThroughChunks(plan: Plan, facts: RunFacts): Promise<void> {
      for (let open = chunks.filter(({ ended }) => !ended); open.length > 0; open = chunks.filter(({ ended }) => !ended)) {
        await goThrough(random.pick(open), plan, facts)
        if (random.chance(0.3)) return
      }
    },
    /** Nobody goes on with them: the run is cancelled. */
    dropChunks() {
      isCancelling = true
      for (const { path, ended } of chunks) if (!ended) endChunks(path)
    },
    /** Part of a loop ended, or is still under way: the run looks again before anything else passes. */
    mayWake: ({ waits }: Extract<PlanOutcome, { kind: 'waiting' }>) =>
      waits.some(({ kind }) => kind === 'chunks') && (waits.every(({ kind }) => kind === 'chunks') || random.chance(0.5)),
    settled: (): SettledWait[] => [...over.values()],
    /** Time goes on to what is due next, or a person decides something, or another run ends. */
    pass({ until, waits: all }: Extract<PlanOutcome, { kind: 'waiting' }>) {
      const waits = all.filter(({ kind }) => kind !== 'chunks')
      const open = waits.filter(({ kind, path, attempt }) => isOutside(kind) && !over.has(`${path}#${attempt}`))
      if (open.length > 0 && (waits.length === open.length || random.chance(0.5))) {
        const { kind, path, attempt } = random.pick(open)
        const ended: Pick<SettledWait, 'kind' | 'settledBy' | 'result'> =
          kind === 'child'
            ? { kind, settledBy: 'outside', result: childEnd(path, attempt) }
            : { kind: 'approval', settledBy: 'person', result: { decision: decisionOf(seed, path) } }
        over.set(`${path}#${attempt}`, { path, attempt, ...ended })
      } else if (until)
        clock.now = Math.max(
          clock.now,
          waits.reduce(
            (least, wait) => (!isOutside(wait.kind) && wait.dueAt ? Math.min(least, wait.dueAt.getTime()) : least),
            Number.POSITIVE_INFINITY,
          ),
        )
      else throw new Error(`nothing can end these waits: ${JSON.stringify(all)}`)
    },
  }
}

/** A value is in memory still, or has to be read, as luck will have it. */
function storedIn(values: ReadonlyMap<string, Json>, luck: ReturnType<typeof createRandom>): StoredValues {
  return {
    peek: (where) => (luck.chance(0.5) ? values.get(where) : undefined),
    load: (where) => new Promise((resolve) => setImmediate(() => resolve(values.get(where)))),
    keep(where, value) {
      if (key(values.get(where)) !== key(value)) throw new Error(`${where} is let go of as something else`)
    },
  }
}

/** What a chunk is told of the log: its own items, and what stands outside of loops. */
function isFor({ path, from, to }: Chunk, at: string): boolean {
  if (!at.includes('/')) return true
  const index = at.startsWith(`${path}/`) ? Number.parseInt(at.slice(path.length + 1), 10) : -1
  return index >= from && index < to
}

const isOutside = (kind: string) => kind === 'approval' || kind === 'child'

/** Whatever was begun cleans up, however the run ended. */
function checkFinally(plan: Plan, log: ReadonlyMap<string, StepRecord>): void {
  for (const [path, record] of log) {
    const planned = plan.nodes.get(path.split('/').at(-1) as string)
    const section = planned?.sections.find((one) => one.name === 'finally')
    if (!section || record.input === undefined || record.status === 'skipped') continue
    const entries = section.order.filter((id) => section.nodes.get(id)?.incoming.length === 0)
    for (const id of entries)
      if (!log.has(`${path}/finally/${id}`)) throw new Error(`${path} was begun and its finally step ${id} never ran`)
  }
}

const key = (value: Json | undefined) => JSON.stringify(plain(value ?? null))

function checkAgainstModel(
  graph: Graph,
  seed: number,
  data: Json,
  { outcome, log, cancelling }: { outcome: PlanOutcome; log: ReadonlyMap<string, StepRecord>; cancelling: boolean },
): void {
  const choices = (path: string) => {
    const record = log.get(path)
    if (!record || record.status === 'started' || record.error?.code === 'step.abandoned') return null
    return { status: record.status, output: record.output ?? null }
  }
  const expected = referenceRun(graph, seed, data, choices)
  for (const [path, record] of log) {
    const isOpen =
      record.status === 'started' || record.status === 'waiting' || (record.status === 'failed' && record.retryAt !== undefined)
    if (isOpen || record.error?.code === 'step.abandoned') continue
    const model = expected.may.get(path)
    if (!model) {
      // With another end of the try, other steps clean up.
      if (path.includes('/finally/')) continue
      throw new Error(`${path} ran (${record.status}) and should not have`)
    }
    if (model.status !== record.status) throw new Error(`${path} is ${record.status}, expected ${model.status}`)
    if (path.includes('/finally/') || record.status === 'skipped' || !isSettled(record)) continue
    if (model.port !== undefined && model.port !== record.port) throw new Error(`${path} left by ${record.port}, expected ${model.port}`)
    if (model.port !== undefined && key(model.output) !== key(record.output))
      throw new Error(`${path} gave ${key(record.output)}, expected ${key(model.output)}`)
  }
  if (cancelling && outcome.kind === 'stopped') return
  if (outcome.kind !== (expected.end.kind === 'done' ? 'succeeded' : 'failed')) {
    throw new Error(`the run ${JSON.stringify(outcome)}, expected ${JSON.stringify(expected.end)}`)
  }
  if (outcome.kind !== 'succeeded' || expected.end.kind !== 'done') return
  if (key(outcome.output) !== key(expected.end.output))
    throw new Error(`the run gave ${key(outcome.output)}, expected ${key(expected.end.output)}`)
  for (const path of expected.must) if (!log.has(path)) throw new Error(`${path} should have run`)
}

/** The smallest graph that still breaks a law: nodes go one after the other, as long as it does. */
export async function shrink(graph: Graph, seed: number): Promise<Graph> {
  const breaks = (one: Graph) =>
    simulate(one, seed).then(
      () => false,
      (error: Error) => !error.message.startsWith('the graph is not sound'),
    )
  let smallest = graph
  for (let at = smallest.nodes.length - 1; at > 0; at--) {
    const gone = new Set([smallest.nodes[at]?.id ?? ''])
    for (const node of smallest.nodes) if (node.parent !== undefined && gone.has(node.parent)) gone.add(node.id)
    const smaller = {
      ...smallest,
      nodes: smallest.nodes.filter((node) => !gone.has(node.id)),
      edges: smallest.edges.filter((edge) => !gone.has(edge.from) && !gone.has(edge.to)),
    }
    if (await breaks(smaller)) {
      smallest = smaller
      at = Math.min(at, smallest.nodes.length)
    }
  }
  return smallest
}
