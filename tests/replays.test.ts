import { describe, expect, it } from 'vitest'
import { compile } from '@/workflows/graph/compile'
import type { Graph, GraphNode, Json } from '@/workflows/graph/schema'
import { executePlan } from '@/workflows/runtime/execute-plan'
import { stepLogOf } from '@/workflows/runtime/flow-state'
import { nodeIdOf } from '@/workflows/runtime/node-id-of'
import { planReuse } from '@/workflows/runtime/plan-reuse'
import type { PendingWait, Plan, PlanOutcome, SettledWait, StepLog } from '@/workflows/runtime/types'
import { createRandom, hashOf, type Random } from './simulation/random'
import { randomGraph } from './simulation/random-graph'
import { failure, type PlainHost, plainHost, runFacts } from './support/plain-host'

const from = Number(process.env.SIMULATION_FROM ?? 0)
const seeds = Math.min(Number(process.env.SIMULATION_SEEDS ?? 400), 10_000)
const data: Json = { n: 3 }

/** What happens at a place is the same for every try of an item: a run again opens another one. */
const placeOf = (path: string) => path.replaceAll(/\/(\d+)\.\d+(?=\/)/g, '/$1')

/** A world in which the same things happen at the same places, whichever run comes there. */
function worldOf(seed: number) {
  const badShare = seed % 2 === 0 ? 12 : 0
  const at = (path: string, what: string) => hashOf(seed, placeOf(path), what)
  const fails = (path: string) => at(path, 'fails') % 100 < badShare
  const endOf = ({ kind, path, attempt }: PendingWait): SettledWait => {
    if (kind === 'approval') {
      const decision = at(path, 'decides') % 2 === 0 ? 'approved' : 'declined'
      return { kind, path, attempt, settledBy: 'person', result: { decision } }
    }
    const result = { runId: 'run_1', status: fails(path) ? 'failed' : 'succeeded', workflowName: 'Other', output: { n: 1 } }
    return { kind: 'child', path, attempt, settledBy: 'outside', result }
  }
  return async function drive(plan: Plan, taken: StepLog): Promise<{ outcome: PlanOutcome; host: PlainHost }> {
    const settled: SettledWait[] = []
    const host = plainHost(({ path, input }) => (fails(path) ? failure() : { v: at(path, JSON.stringify(input)) % 1_000 }))
    for (let slices = 0; slices < 400; slices++) {
      const log = stepLogOf([...taken.values(), ...host.records])
      const outcome = await executePlan(plan, log, runFacts(data), host, { settled })
      if (outcome.kind === 'more') continue
      if (outcome.kind !== 'waiting') return { outcome, host }
      if (outcome.until) host.clock.now = Math.max(host.clock.now, outcome.until.getTime())
      for (const wait of outcome.waits) if (wait.kind === 'approval' || wait.kind === 'child') settled.push(endOf(wait))
    }
    throw new Error('it came to no end')
  }
}

/** The next version: somebody changed one thing, or nothing. */
function changed(graph: Graph, random: Random): Graph {
  const next = structuredClone(graph)
  // What decides by itself how often it runs is the easiest to get wrong.
  const repeats = next.nodes.filter(({ type }) => type === 'flow.repeat')
  const node = random.pick(repeats.length > 0 && random.chance(0.4) ? repeats : next.nodes.slice(1))
  const change = random.pick(['nothing', 'params', 'params', 'remove', 'edge', 'key', 'disabled', 'onError', 'runIf'])
  if (change === 'params') Object.assign(node, otherParams(node))
  else if (change === 'key') node.key = `${node.key}x`
  else if (change === 'disabled') node.settings.disabled = !node.settings.disabled
  else if (change === 'onError') node.settings.onError = 'continue'
  else if (change === 'runIf') node.settings.runIf = '{{ false }}'
  else if (change === 'edge') next.edges.splice(random.between(0, next.edges.length - 1), 1)
  else if (change === 'remove') {
    const gone = new Set([node.id])
    for (const { id, parent } of next.nodes) if (parent !== undefined && gone.has(parent)) gone.add(id)
    next.nodes = next.nodes.filter(({ id }) => !gone.has(id))
    next.edges = next.edges.filter((edge) => !gone.has(edge.from) && !gone.has(edge.to))
  }
  return next
}

function otherParams({ type, params, settings }: GraphNode): Pick<GraphNode, 'params' | 'settings'> {
  const others: Record<string, Json> = {
    'data.set': { fields: [{ name: 'w', value: 7 }] },
    'flow.if': { conditions: [{ left: '{{ true }}', operator: 'is_true' }] },
    'flow.for_each': { items: [10, 0, 20, 30] },
    'flow.repeat': { limit: 2 },
    'http.request': { url: 'https://y.test' },
  }
  const each = settings.each && { ...settings.each, items: '{{ [1, 3] }}' }
  return { params: { ...params, ...(others[type] as object) }, settings: { ...settings, ...(each ? { each } : {}) } }
}

/** Any step that the run came to, or none, which takes over whatever is unchanged. */
function startsIn(plan: Plan, log: StepLog, random: Random): string[] {
  const paths = [...log.keys()].filter((path) => {
    const planned = plan.nodes.get(nodeIdOf(path))
    return planned && planned.definition.kind !== 'trigger' && !planned.settings.disabled && !/\/\d+$/.test(path)
  })
  return paths.length > 0 ? ['', random.pick(paths)] : ['']
}

/** Which of several failures is told depends on what was done before. */
const plain = (value: Json) => JSON.stringify(value, (key, one) => (key === 'error' || key === 'path' ? null : one))

describe('random runs that are run again, on the same version or on a changed one', () => {
  it('repeat nothing that was taken over, nothing outside that was not told, and come to what the version comes to', async () => {
    const seen = { again: 0, reused: 0, succeeded: 0, failed: 0 }
    for (let seed = from; seed < from + seeds; seed++) {
      const graph = randomGraph(seed)
      const first = compile(graph)
      const hasRace = graph.nodes.some((node) => node.type === 'flow.parallel' && node.params.until !== 'all')
      if (!first.ok || hasRace || graph.nodes.length < 2 || graph.nodes.length > 40) continue
      const random = createRandom(seed * 3 + 1)
      const drive = worldOf(seed)
      const records = (await drive(first.plan, new Map())).host.log()
      const version = compile(changed(graph, random))
      if (!version.ok) continue
      const { plan } = version
      const alone = await drive(plan, new Map())
      for (const fromPath of startsIn(plan, alone.host.log(), random)) {
        const say = `seed ${seed} from “${fromPath}”`
        const { reused, again } = planReuse(plan, records, { trigger: { nodeId: null, data }, variables: {}, fromPath })
        const taken = new Map([...records].filter(([path]) => reused.includes(path)))
        const { outcome, host } = await drive(plan, taken)
        const did = host.executed.map(({ path }) => path)
        expect(
          did.filter((path) => taken.has(path)),
          say,
        ).toEqual([])
        expect(
          did.filter((path) => !again.includes(nodeIdOf(path, plan))),
          say,
        ).toEqual([])
        expect(outcome.kind, say).toBe(alone.outcome.kind)
        if (outcome.kind === 'succeeded' && alone.outcome.kind === 'succeeded')
          expect(plain(outcome.output), say).toBe(plain(alone.outcome.output))
        seen.again += again.length
        seen.reused += reused.length
        if (outcome.kind === 'succeeded' || outcome.kind === 'failed') seen[outcome.kind] += 1
      }
    }
    if (seeds >= 400) for (const count of Object.values(seen)) expect(count).toBeGreaterThan(seeds / 20)
  }, 300_000)
})
