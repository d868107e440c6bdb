import type { Graph, GraphEdge, GraphNode, Json } from '@/workflows/graph/schema'
import { createRandom, type Random } from './random'

const settings: GraphNode['settings'] = { onError: 'fail', atMostOnce: false, disabled: false, note: '' }

interface Making {
  random: Random
  nodes: GraphNode[]
  edges: GraphEdge[]
  left: number
}

/** Steps of a scope: how an edge leaves each, and what may stand in it. */
interface Scope {
  parent?: string
  depth: number
  hasIndex: boolean
  inFinally: boolean
}

/** A graph with containers, branches, joins, sub-workflows, errors, waits and settings; the same for the same seed. */
export function randomGraph(seed: number): Graph {
  const random = createRandom(seed)
  const making: Making = { random, nodes: [], edges: [], left: random.chance(0.03) ? 200 : random.between(1, 24) }
  const start = add(making, { depth: 0, hasIndex: false, inFinally: false }, 'trigger.manual', {})
  fill(making, { depth: 0, hasIndex: false, inFinally: false }, [start.id])
  return { schema: 1, nodes: making.nodes, edges: making.edges }
}

function add(
  { nodes }: Making,
  scope: Scope,
  type: string,
  params: Record<string, Json>,
  more: Partial<GraphNode['settings']> = {},
): GraphNode {
  const id = `n${String(nodes.length).padStart(7, '0')}`
  const node: GraphNode = {
    id,
    key: id,
    title: id,
    type,
    version: 1,
    params,
    settings: { ...settings, ...more },
    position: { x: 0, y: 0 },
    ...(scope.parent ? { parent: scope.parent } : {}),
  }
  nodes.push(node)
  return node
}

function connect({ edges }: Making, from: string, fromPort: string, to: string): void {
  if (edges.some((edge) => edge.from === from && edge.fromPort === fromPort && edge.to === to)) return
  edges.push({ id: `e${String(edges.length).padStart(7, '0')}`, from, fromPort, to, toPort: 'main' })
}

/** Some more nodes after those given; inside a container some lead from nowhere, which starts them. */
function fill(making: Making, scope: Scope, before: string[]): void {
  const { random } = making
  const count = Math.max(1, Math.min(making.left, random.between(1, scope.depth === 0 ? 10 : 4)))
  const known = [...before]
  for (let at = 0; at < count; at++) {
    making.left -= 1
    const isEntry = known.length === 0 || (scope.parent !== undefined && before.length === 0 && random.chance(0.25))
    const froms = isEntry ? [] : Array.from({ length: random.chance(0.3) ? 2 : 1 }, () => random.pick(known))
    const made = makeNode(making, scope, froms.length > 1 && random.chance(0.5))
    for (const from of froms) connect(making, from, random.pick(portsOf(making, from)), made.id)
    known.push(made.id)
  }
}

function retryOf(random: Random) {
  return {
    attempts: random.between(1, 3),
    backoff: 'fixed' as const,
    delayMs: random.pick([0, 1_000]),
    maxDelayMs: 1_000,
    jitter: 0,
    on: ['any' as const],
  }
}

function portsOf({ nodes }: Making, id: string): string[] {
  const node = nodes.find((one) => one.id === id) as GraphNode
  const error = node.settings.onError === 'port' ? ['error'] : []
  if (node.type === 'flow.if') return ['true', 'false']
  if (node.type === 'people.approval') return ['approved', 'declined']
  return ['main', 'main', ...error]
}

function makeNode(making: Making, scope: Scope, joins: boolean): GraphNode {
  const { random } = making
  if (joins) return add(making, scope, 'flow.merge', {})
  const kinds = ['set', 'set', 'effect', 'effect', 'effect', 'if', ...(scope.inFinally ? [] : ['wait', 'approval', 'child']), 'each']
  if (scope.depth < 3 && making.left > 0) kinds.push('for_each', 'for_each', 'repeat', 'try', 'try', 'parallel')
  const kind = random.pick(kinds)
  const onError = random.pick(['fail', 'fail', 'fail', 'continue', 'port'] as const)
  const more = {
    onError,
    disabled: random.chance(0.04),
    ...(random.chance(0.05) ? { runIf: random.chance(0.5) ? '{{ true }}' : '{{ false }}' } : {}),
  }
  const inside = (node: GraphNode, hasIndex = scope.hasIndex, inFinally = scope.inFinally): Scope => ({
    parent: node.id,
    depth: scope.depth + 1,
    hasIndex,
    inFinally,
  })
  switch (kind) {
    case 'set':
      return add(making, scope, 'data.set', {
        fields: [{ name: 'v', value: '{{ Array.isArray(input) ? input.length : 1 }}' }],
        keep: 'only-set',
      })
    case 'if': {
      const left = scope.hasIndex && random.chance(0.6) ? '{{ index % 2 == 0 }}' : random.chance(0.5) ? '{{ true }}' : '{{ false }}'
      return add(making, scope, 'flow.if', { conditions: [{ left, operator: 'is_true' }] })
    }
    case 'wait':
      return add(making, scope, 'flow.wait', { mode: 'for', durationMs: random.between(0, 3) * 1_000 })
    case 'approval':
      return add(making, scope, 'people.approval', { title: 'Well?' })
    case 'child': {
      const params = { workflow: 'wf_00000000000000000000000000000000', wait: random.chance(0.8) }
      return add(making, scope, 'flow.sub_workflow', params, { ...more, ...(random.chance(0.4) ? { retry: retryOf(random) } : {}) })
    }
    case 'effect':
    case 'each': {
      const retry = retryOf(random)
      const each = {
        items: '{{ [3, 1, 2] }}',
        concurrency: random.between(1, 3),
        onItemError: random.pick(['fail', 'skip', 'collect'] as const),
      }
      const method = random.pick(['GET', 'POST'])
      const long = random.chance(0.3) ? {} : { timeoutMs: 4_000 }
      return add(
        making,
        scope,
        'http.request',
        { url: 'https://x.test', method },
        { ...more, retry, ...long, ...(kind === 'each' ? { each } : {}) },
      )
    }
    case 'for_each': {
      const items = Array.from({ length: random.between(0, 4) }, (_, at) => at * 10)
      const params = {
        items,
        concurrency: random.between(1, 3),
        onItemError: random.pick(['fail', 'skip', 'collect']),
        ...(random.chance(0.2) ? { attempts: 2, retryDelayMs: random.pick([0, 1_000]) } : {}),
        ...(random.chance(0.15) ? { batchSize: 2 } : {}),
      }
      const node = add(making, scope, 'flow.for_each', params, more)
      fill(making, inside(node, true), [])
      return node
    }
    case 'repeat': {
      const params = {
        mode: 'while',
        check: random.pick(['before', 'after']),
        conditions: [{ left: '{{ index }}', operator: 'less', right: random.between(0, 3) }],
        limit: random.between(1, 4),
        onLimit: random.pick(['fail', 'go-on']),
        ...(scope.inFinally || random.chance(0.6) ? {} : { pauseMs: 1_000 }),
      }
      const node = add(making, scope, 'flow.repeat', params, more)
      fill(making, inside(node, true), [])
      return node
    }
    case 'try': {
      const node = add(making, scope, 'flow.try', {}, more)
      fill(making, inside(node), [])
      for (const port of ['catch', 'finally']) {
        if (random.chance(0.35)) continue
        const first = makeNode(making, inside(node, scope.hasIndex, scope.inFinally || port === 'finally'), false)
        connect(making, node.id, port, first.id)
        if (random.chance(0.5)) fill(making, inside(node, scope.hasIndex, scope.inFinally || port === 'finally'), [first.id])
      }
      return node
    }
    default: {
      const node = add(making, scope, 'flow.parallel', { until: random.pick(['all', 'all', 'any', 'race']) }, more)
      for (let branch = random.between(2, 3); branch > 0; branch--) {
        const first = makeNode(making, inside(node), false)
        if (random.chance(0.5)) fill(making, inside(node), [first.id])
      }
      return node
    }
  }
}
