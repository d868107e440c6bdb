import type { Graph, GraphEdge, GraphNode, Json } from '@/workflows/graph/schema'
import { hashOf } from './random'

/**
 * What a graph means, said a second time and as plainly as can be: no log, no slices, no order of completion. It tells every step that may
 * have run with its result, those that must have run, and how the run ends. What only time decides (which branch came first) it takes from
 * the run, after checking that it could have been so.
 */
export interface Expected {
  end: ScopeEnd
  /** By path: how each step ends, if it runs at all. */
  may: Map<string, StepEnd>
  must: Set<string>
}

export type StepEnd = { status: 'succeeded' | 'failed' | 'skipped'; port?: string | undefined; output?: Json }
export type ScopeEnd = { kind: 'done'; output: Json } | { kind: 'failed' }

/** What the run says of a container whose end time decides; null where it did not come to an end. */
export type Choices = (path: string) => { status: string; output: Json } | null

/** The result of an effect: depends on where and what, never on when. */
export function effectOf(seed: number, path: string, attempt: number, input: Json): { ok: true; output: Json } | { ok: false } {
  if (hashOf(seed, path, attempt, 'fails') % 100 < 18) return { ok: false }
  return { ok: true, output: { v: hashOf(seed, path, JSON.stringify(plain(input))) % 1_000 } }
}

export function decisionOf(seed: number, path: string): 'approved' | 'declined' {
  return hashOf(seed, path, 'decides') % 2 === 0 ? 'approved' : 'declined'
}

export function childIdOf(path: string, attempt: number): string {
  return `run_of_${path}#${attempt}`
}

/** Which of several failures is told depends on their order; that there was one does not. */
export function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, key === 'error' ? 'failed' : plain(child as Json)]))
}

const failed = Symbol('failed')
type Outcome = { port: string; output: Json; status?: 'failed' } | typeof failed

interface Around {
  prefix: string
  input: Json
  index?: number
}

export function referenceRun(graph: Graph, seed: number, data: Json, choices: Choices): Expected {
  const may: Expected['may'] = new Map()
  const must: Expected['must'] = new Set()
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const childrenOf = (parent: string | undefined) => graph.nodes.filter((node) => node.parent === parent)
  const within = graph.edges.filter((edge) => nodes.get(edge.to)?.parent !== edge.from)

  const scope = (members: readonly GraphNode[], around: Around): ScopeEnd => {
    const ends = new Map<string, StepEnd>()
    const required: string[] = []
    const before = new Set(must)
    let broke = false
    for (const node of members) {
      const path = around.prefix + node.id
      const into = within.filter((edge) => edge.to === node.id)
      if (into.some((edge) => !ends.has(edge.from))) continue
      const fired = into.filter((edge) => fires(edge, ends))
      const isStray = around.prefix === '' && into.length === 0 && node.type !== 'trigger.manual'
      if (isStray || (into.length > 0 && fired.length === 0)) {
        ends.set(node.id, { status: 'skipped' })
        may.set(path, { status: 'skipped' })
        continue
      }
      const values = fired.map((edge) => ends.get(edge.from)?.output ?? null)
      const outcome = step(node, path, { ...around, input: into.length > 0 ? (values[0] ?? null) : around.input }, values)
      if (outcome === failed) {
        broke = true
        may.set(path, { status: 'failed' })
        continue
      }
      const end: StepEnd = { status: 'succeeded', ...outcome }
      ends.set(node.id, end)
      may.set(path, end)
      required.push(path)
    }
    if (broke) {
      forget(before)
      return { kind: 'failed' }
    }
    for (const path of required) must.add(path)
    const last = members.filter((node) => {
      const end = ends.get(node.id)
      return end && end.status !== 'skipped' && !within.some((edge) => edge.from === node.id && edge.fromPort === end.port)
    })
    const outputs = last.map((node): [string, Json] => [node.key, ends.get(node.id)?.output ?? null])
    return {
      kind: 'done',
      output: outputs.length === 1 ? (outputs[0]?.[1] ?? null) : outputs.length === 0 ? null : Object.fromEntries(outputs),
    }
  }

  /** What did not come to a good end may have been stopped anywhere. */
  const step = (node: GraphNode, path: string, around: Around, values: readonly Json[]): Outcome => {
    const before = new Set(must)
    const outcome = stepOf(node, path, around, values)
    if (outcome === failed || outcome.status === 'failed') forget(before)
    return outcome
  }
  const forget = (before: ReadonlySet<string>) => {
    for (const one of [...must]) if (!before.has(one)) must.delete(one)
  }

  const stepOf = (node: GraphNode, path: string, around: Around, values: readonly Json[]): Outcome => {
    const { input, index } = around
    const first = node.type === 'flow.if' ? 'true' : node.type === 'people.approval' ? 'approved' : 'main'
    if (node.type === 'trigger.manual' || node.settings.disabled || node.settings.runIf === '{{ false }}')
      return { port: first, output: input }
    switch (node.type) {
      case 'data.set':
        return { port: 'main', output: { v: Array.isArray(input) ? input.length : 1 } }
      case 'flow.merge':
        return { port: 'main', output: (values.length > 0 ? values : [input]).flatMap((value) => (Array.isArray(value) ? value : [value])) }
      case 'flow.if': {
        const { left } = (node.params.conditions as { left: string }[])[0] as { left: string }
        return { port: String(left === '{{ true }}' || (left !== '{{ false }}' && (index ?? 0) % 2 === 0)), output: input }
      }
      case 'flow.wait':
        return { port: 'main', output: input }
      case 'people.approval': {
        const decision = decisionOf(seed, path)
        return { port: decision, output: { decision } }
      }
      case 'flow.sub_workflow':
        if (!node.params.wait) return { port: 'main', output: { runId: childIdOf(path, 1), workflowId: node.params.workflow ?? null } }
        return leave(node, effect(node, path, input))
      case 'http.request': {
        const { each } = node.settings
        if (!each) return leave(node, effect(node, path, input))
        return leave(
          node,
          loop([3, 1, 2], each.onItemError, (item, at) => {
            const inner = `${path}/${at}/${node.id}`
            const result = effect(node, inner, item)
            may.set(inner, result === failed ? { status: 'failed' } : { status: 'succeeded', port: 'main', output: result })
            if (result !== failed) must.add(inner)
            return result === failed ? { kind: 'failed' } : { kind: 'done', output: result }
          }),
        )
      }
      case 'flow.for_each': {
        const given = node.params.items as Json[]
        const size = Number(node.params.batchSize ?? 1)
        const items =
          size > 1 ? Array.from({ length: Math.ceil(given.length / size) }, (_, at) => given.slice(at * size, (at + 1) * size)) : given
        const body = childrenOf(node.id)
        return leave(
          node,
          loop(items, String(node.params.onItemError), (item, at) => {
            for (let attempt = 1; ; attempt++) {
              const end = scope(body, { prefix: `${path}/${at}${attempt > 1 ? `.${attempt}` : ''}/`, input: item, index: at })
              if (end.kind === 'done' || attempt >= Number(node.params.attempts ?? 1)) return end
              may.set(`${path}/${at}`, { status: 'failed' })
            }
          }),
        )
      }
      case 'flow.repeat':
        return leave(node, repeat(node, path, around))
      case 'flow.try':
        return leave(node, attempt(node, path, around))
      default:
        return leave(node, parallel(node, path, around))
    }
  }

  const effect = (node: GraphNode, path: string, input: Json): Json | typeof failed => {
    for (let attempt = 1; attempt <= (node.settings.retry?.attempts ?? 1); attempt++) {
      const result = effectOf(seed, path, attempt, input)
      if (result.ok) return result.output
    }
    return failed
  }

  const leave = (node: GraphNode, result: Json | typeof failed): Outcome => {
    if (result !== failed) return { port: 'main', output: result }
    if (node.settings.onError === 'fail') return failed
    return { status: 'failed', port: node.settings.onError === 'port' ? 'error' : 'main', output: { error: 'failed' } }
  }

  const loop = (items: readonly Json[], onItemError: string, run: (item: Json, at: number) => ScopeEnd): Json | typeof failed => {
    const ends = items.map(run)
    const results = ends.flatMap((end) => (end.kind === 'done' ? [end.output] : []))
    if (results.length < ends.length && onItemError === 'fail') return failed
    if (onItemError !== 'collect') return results
    return {
      results,
      errors: ends.flatMap((end, index) => (end.kind === 'failed' ? [{ index, item: items[index] ?? null, error: 'failed' }] : [])),
    }
  }

  const repeat = (node: GraphNode, path: string, around: Around): Json | typeof failed => {
    const holds = (round: number) => round < Number((node.params.conditions as { right: number }[])[0]?.right)
    let value = around.input
    for (let round = 0; ; round++) {
      if ((round > 0 || node.params.check === 'before') && !holds(round)) return value
      if (round >= Number(node.params.limit)) return node.params.onLimit === 'fail' ? failed : value
      if (round > 0 && node.params.pauseMs !== undefined) may.set(`${path}/${round}`, { status: 'succeeded' })
      const end = scope(childrenOf(node.id), { prefix: `${path}/${round}/`, input: value, index: round })
      if (end.kind === 'failed') return failed
      value = end.output
    }
  }

  const section = (node: GraphNode, port: string): GraphNode[] => {
    const found = new Set(
      graph.edges
        .filter((edge) => edge.from === node.id && edge.fromPort === port && nodes.get(edge.to)?.parent === node.id)
        .map((edge) => edge.to),
    )
    for (const child of childrenOf(node.id)) if (within.some((edge) => edge.to === child.id && found.has(edge.from))) found.add(child.id)
    return childrenOf(node.id).filter((child) => found.has(child.id))
  }

  const attempt = (node: GraphNode, path: string, around: Around): Json | typeof failed => {
    const [caught, last] = [section(node, 'catch'), section(node, 'finally')]
    const tried = childrenOf(node.id).filter((child) => !caught.includes(child) && !last.includes(child))
    let end = scope(tried, { ...around, prefix: `${path}/try/` })
    if (end.kind === 'failed' && caught.length > 0) {
      end = scope(caught, { ...around, prefix: `${path}/catch/`, input: { error: 'failed', input: around.input } })
    }
    const outcome: Json = end.kind === 'done' ? { status: 'succeeded', output: end.output } : { status: 'failed', error: 'failed' }
    if (last.length > 0) {
      // A run that is cancelled or fails elsewhere cleans up with another input: its results are looked at only where it went on.
      if (scope(last, { ...around, prefix: `${path}/finally/`, input: outcome }).kind === 'failed') return failed
    }
    return end.kind === 'done' ? end.output : failed
  }

  const parallel = (node: GraphNode, path: string, around: Around): Json | typeof failed => {
    const branches: GraphNode[][] = []
    for (const child of childrenOf(node.id)) {
      const mine = branches.filter((branch) => branch.some((one) => within.some((edge) => isBetween(edge, one.id, child.id))))
      const joined = [...mine.flat(), child]
      for (const branch of mine) branches.splice(branches.indexOf(branch), 1)
      branches.push(joined)
    }
    const order = graph.nodes.map((one) => one.id)
    branches.sort((a, b) => order.indexOf(a[0]?.id ?? '') - order.indexOf(b[0]?.id ?? ''))
    const before = new Set(must)
    const ends = branches.map((members, at) => {
      members.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
      return { end: scope(members, { ...around, prefix: `${path}/${at}/` }), members, at }
    })
    const done = ends.flatMap(({ end }) => (end.kind === 'done' ? [end.output] : []))
    if (node.params.until === 'all') {
      if (done.length < ends.length) return failed
      return Object.fromEntries(ends.flatMap(({ members, at }) => lastOf(members, `${path}/${at}/`)))
    }
    // Only one branch has to have run to its end.
    forget(before)
    const chosen = choices(path)
    const couldFail = node.params.until === 'any' ? done.length === 0 : done.length < ends.length
    if (!chosen) return done.length > 0 ? (done[0] ?? null) : failed
    // What cleans up after a cancelled run is given another input, so that its branches give something else.
    const mayDiffer = path.includes('/finally/')
    if (chosen.status === 'failed') {
      if (!couldFail && !mayDiffer) throw new Error(`${path} failed although it could not`)
      return failed
    }
    const found = done.find((output) => JSON.stringify(plain(output)) === JSON.stringify(plain(chosen.output)))
    if (found === undefined && mayDiffer) return chosen.output
    if (found === undefined) throw new Error(`${path} gave what no branch gives: ${JSON.stringify(chosen.output)}`)
    return found
  }

  const lastOf = (members: readonly GraphNode[], prefix: string): [string, Json][] =>
    members.flatMap((node): [string, Json][] => {
      const end = may.get(prefix + node.id)
      if (!end || end.status === 'skipped' || within.some((edge) => edge.from === node.id && edge.fromPort === end.port)) return []
      return [[node.key, end.output ?? null]]
    })

  const end = scope(childrenOf(undefined), { prefix: '', input: data })
  return { end, may, must }
}

function fires(edge: GraphEdge, ends: ReadonlyMap<string, StepEnd>): boolean {
  const from = ends.get(edge.from)
  return from !== undefined && from.status !== 'skipped' && from.port === edge.fromPort
}

function isBetween(edge: GraphEdge, a: string, b: string): boolean {
  return (edge.from === a && edge.to === b) || (edge.from === b && edge.to === a)
}
