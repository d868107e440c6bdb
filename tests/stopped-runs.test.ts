import { describe, expect, it } from 'vitest'
import { compile } from '@/workflows/graph/compile'
import type { Graph, GraphNode } from '@/workflows/graph/schema'
import { executePlan } from '@/workflows/runtime/execute-plan'
import type { PendingWait, Plan, PlanOutcome, SettledWait } from '@/workflows/runtime/types'
import { createRandom, type Random } from './simulation/random'
import { randomGraph } from './simulation/random-graph'
import { failure, plainHost, runFacts } from './support/plain-host'

const from = Number(process.env.SIMULATION_FROM ?? 0)
const seeds = Math.min(Number(process.env.SIMULATION_SEEDS ?? 400), 4_000)
const plain: GraphNode['settings'] = { onError: 'fail', atMostOnce: false, disabled: false, note: '' }

/** What the reference model does not know, because it depends on the order of completion: stops, and merges of what arrives first. */
function withStops(graph: Graph, random: Random): Graph {
  const isLast = (id: string) => !graph.edges.some((edge) => edge.from === id) && !graph.nodes.some((node) => node.parent === id)
  const nodes = graph.nodes.map((node): GraphNode => {
    if (node.type === 'flow.merge' && random.chance(0.6)) return { ...node, params: { mode: 'first-to-arrive' } }
    if (node.type === 'trigger.manual' || !isLast(node.id) || !random.chance(0.25)) return node
    const end = random.chance(0.7) ? 'succeed' : 'fail'
    return { ...node, type: 'flow.stop', params: { end, message: 'No.', output: 'over' }, settings: plain }
  })
  return { ...graph, nodes }
}

async function drive(plan: Plan, random: Random, crashing: boolean): Promise<PlanOutcome> {
  const settled: SettledWait[] = []
  const host = plainHost(async () => {
    if (random.chance(0.3)) await new Promise((go) => setImmediate(go))
    return random.chance(0.12) ? failure({ class: random.chance(0.5) ? 'transient' : 'bad_data' }) : { n: 1 }
  })
  let slices = 0
  host.boundary = (where) => {
    if (crashing && slices < 150 && where.includes('write') && random.chance(0.08)) throw new Error('crash')
  }
  const cancelAt = random.chance(0.15) ? random.between(0, 4) : Number.POSITIVE_INFINITY
  for (; slices < 400; slices++) {
    const cancelling = slices >= cancelAt
    const outcome = await executePlan(plan, host.log(), runFacts({ n: 3 }), host, { settled, cancelling }).catch((error: Error) => {
      if (error.message !== 'crash') throw error
      return null
    })
    if (outcome === null || outcome.kind === 'more') continue
    if (outcome.kind !== 'waiting') return outcome
    if (outcome.until) host.clock.now = Math.max(host.clock.now, outcome.until.getTime())
    for (const wait of outcome.waits) if (wait.kind === 'approval' || wait.kind === 'child') settled.push(endOf(wait, random))
  }
  throw new Error('it came to no end')
}

function endOf({ kind, path, attempt }: PendingWait, random: Random): SettledWait {
  if (kind === 'approval') return { kind, path, attempt, settledBy: 'person', result: { decision: 'approved' } }
  const status = random.chance(0.8) ? 'succeeded' : 'failed'
  return { kind: 'child', path, attempt, settledBy: 'outside', result: { runId: 'run_1', status, workflowName: 'Other', output: { n: 1 } } }
}

describe('random graphs with stops and merges of what arrives first', () => {
  it('come to an end with a name and record nothing twice, whatever crashes, fails or is cancelled', async () => {
    const ends = new Set<string>()
    for (let seed = from; seed < from + seeds; seed++) {
      const compiled = compile(withStops(randomGraph(seed), createRandom(seed * 7 + 1)))
      if (!compiled.ok || compiled.plan.nodes.size > 60) continue
      for (const crashing of [false, true]) {
        const outcome = await drive(compiled.plan, createRandom(seed + 13), crashing).catch((error: Error) => {
          throw new Error(`seed ${seed}: ${error.message}`)
        })
        expect(outcome.kind === 'failed' && outcome.error.code, `seed ${seed}`).not.toBe('internal')
        ends.add(outcome.kind)
      }
    }
    expect([...ends].sort()).toEqual(['failed', 'stopped', 'succeeded'])
  }, 120_000)
})
