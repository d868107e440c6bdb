import { contentHash } from '../graph/content-hash'
import type { Json } from '../graph/schema'
import { inBatches, namesList } from './containers/loop-of'
import { evaluateSome, itemsOfEach } from './evaluate-params'
import { isSettled, startsWithFirst } from './flow-state'
import { createFrame, type Frame, outputIn } from './frame'
import { createInputHasher } from './input-hash'
import { runOutput } from './run-output'
import type { Plan, PlanNode, PlanScope, PlanSection, StepLog, StepRecord } from './types'

export interface ReusePlan {
  /** Paths of steps whose results are taken over, those inside agents and containers included. */
  reused: string[]
  /** Node ids that run again or for the first time, in order; what stands inside a container comes after it. */
  again: string[]
}

export interface ReuseOptions {
  trigger: { nodeId: string | null; data: Json }
  variables: Readonly<Record<string, Json>>
  /** By path, what comes into a step in place of what its wires bring. */
  stepInputs?: Readonly<Record<string, Json>> | undefined
  /** The step to run again, with all that follows it; empty reuses whatever is unchanged. */
  fromPath: string
  /** That step has its result already: somebody gave it. */
  given?: boolean
  hash?: (value: Json) => string
}

/**
 * Which steps of an earlier run a new one may take over: those that do not follow the chosen step and whose node and input are
 * unchanged, hash by hash from the trigger on. Inside a container that runs again, the same holds for each item by itself.
 */
export function planReuse(plan: Plan, log: StepLog, options: ReuseOptions): ReusePlan {
  const { trigger, fromPath, variables, hash = contentHash } = options
  const startId = trigger.nodeId ?? plan.order.find((id) => plan.nodes.get(id)?.definition.kind === 'trigger') ?? null
  const hasher = createInputHasher({ hash, trigger: trigger.data, variables })
  const below = belowOf(log)
  const reused: string[] = []

  const known = (path: string): StepRecord[] =>
    (below.get(path) ?? []).flatMap((inner) => {
      const record = log.get(inner)
      return record && isSettled(record) ? [record] : []
    })
  /** What failed is inside it: it goes on with that. */
  const brokeInside = (path: string) => (below.get(path) ?? []).some((inner) => !isSettled(log.get(inner) as StepRecord))
  // One by one: a large loop has more steps than a call takes arguments.
  const take = (paths: readonly string[]) => {
    for (const path of paths) reused.push(path)
  }
  const holdsGiven = (prefix: string) => options.given === true && fromPath.startsWith(prefix)

  const walk = (frame: Frame): void => {
    const { flow, scope } = frame
    const fromHere = fromPath !== '' && fromPath.startsWith(frame.prefix) ? (fromPath.slice(frame.prefix.length).split('/')[0] ?? '') : ''
    const excluded = fromHere === '' ? new Set<string>() : following(scope, fromHere)
    for (let id = flow.next(); id !== undefined; id = flow.next()) {
      const planned = scope.nodes.get(id) as PlanNode
      const path = frame.prefix + id
      if (flow.isSkipped(id)) {
        flow.settle(id, { path, attempt: 1, status: 'skipped', startedAt: new Date(0), durationUs: 0 })
        continue
      }
      const isTrigger = planned.definition.kind === 'trigger'
      const edited = options.stepInputs && Object.hasOwn(options.stepInputs, path) ? options.stepInputs[path] : undefined
      const fired = edited === undefined ? flow.fired(planned) : []
      const came = edited === undefined ? (fired[0]?.value ?? (frame.parent ? frame.input : null)) : edited
      const input = isTrigger ? trigger.data : came
      const record = log.get(path)
      // By now all of its ways have come, but it ran with the one that was first.
      const ways = startsWithFirst(planned) ? [fired, ...fired.map((edge) => [edge])] : [fired]
      const isSame = record?.inputHash !== undefined && ways.some((way) => record.inputHash === hasher.of(frame, planned, way, input))
      const isContainer = planned.sections.length > 0 || planned.each !== undefined
      if (id === fromHere) {
        const inside = fromPath !== path
        if (isContainer) {
          if (inside || brokeInside(path)) enter(frame, planned, path, { input, isSame })
        } else if (isSame && inside) take(before(fromPath.slice(path.length + 1), path, known(path)))
        else if (isSame && brokeInside(path)) take(known(path).map((one) => one.path))
      } else if (!excluded.has(id) && record && isSettled(record) && record.status !== 'skipped' && isSame && !isTrigger) {
        take([path, ...known(path).map((one) => one.path)])
        flow.settle(id, record)
        continue
      } else if (!excluded.has(id) && isContainer && record) enter(frame, planned, path, { input, isSame })
      // The trigger hands over the new run's own input.
      if (isTrigger && !excluded.has(id)) {
        flow.settle(id, {
          path,
          attempt: 1,
          status: 'succeeded',
          port: record?.port ?? 'main',
          output: input,
          startedAt: new Date(0),
          durationUs: 0,
        })
      }
    }
  }

  const enter = (frame: Frame, planned: PlanNode, path: string, { input, isSame }: { input: Json; isSame: boolean }): void => {
    const open = (section: PlanScope, iteration: string, inside: { input: Json; item?: Json; index?: number }) => {
      const opened = createFrame({ prefix: `${path}/${iteration}/`, parent: frame, scope: section, ...inside })
      walk(opened)
      return opened
    }
    const control = planned.definition.kind === 'control' ? planned.definition.control : null
    if (planned.each || control === 'for_each') {
      const section = planned.each?.body ?? (planned.sections[0] as PlanSection)
      for (const [index, item] of itemsIn(frame, planned, input, options).entries()) {
        const tries = log.get(`${path}/${index}`)
        const count = reused.length
        open(section, tries ? `${index}.${tries.attempt + 1}` : String(index), { input: item, item, index })
        if (tries && (reused.length > count || holdsGiven(`${path}/${index}.${tries.attempt + 1}/`))) take([tries.path])
      }
    } else if (control === 'repeat') {
      const section = planned.sections[0] as PlanSection
      let value = input
      // That there was another round was decided by it as it stood then.
      if (!isSame) return
      for (let round = 0; (below.get(`${path}/${round}`) ?? []).length > 0; round++) {
        const pause = log.get(`${path}/${round}`)
        const count = reused.length
        const opened = open(section, String(round), { input: value, index: round })
        if (pause && isSettled(pause) && (reused.length > count || holdsGiven(`${path}/${round}/`))) take([pause.path])
        if (section.order.some((id) => !opened.flow.settledOf(id))) break
        value = runOutput(section, opened.flow)
      }
    } else if (control === 'try') open(planned.sections[0] as PlanSection, 'try', { input })
    else for (const section of planned.sections) open(section, section.name, { input })
  }

  const root = createFrame({ prefix: '', parent: null, scope: plan, input: null, flow: { startId } })
  walk(root)
  const taken = new Set(reused)
  // Where what decides it is worked out again, the new run may come to what the earlier one skipped.
  const again = plan.order.filter((id) => {
    if (taken.has(id) || !root.flow.isReachable(id) || root.flow.settledOf(id)?.status === 'skipped') return false
    return plan.nodes.get(id)?.definition.kind !== 'trigger'
  })
  return { reused, again: again.flatMap((id) => withInside(id, plan)) }
}

/** The list of a loop as the new run will work it out; an empty one where that cannot be told yet. */
function itemsIn(frame: Frame, planned: PlanNode, input: Json, { trigger, variables }: ReuseOptions): Json[] {
  const steps: Record<string, Json> = Object.create(null)
  for (const id of planned.reads) {
    const found = outputIn(frame, id)
    if (found) steps[id] = found.value
  }
  const scope = {
    input,
    trigger: trigger.data,
    steps,
    vars: variables,
    run: {},
    now: new Date(0),
    ...(frame.item === undefined ? {} : { item: frame.item }),
    ...(frame.index === undefined ? {} : { index: frame.index }),
  }
  try {
    if (planned.each) return listIn(itemsOfEach(planned, scope))
    const { items, batchSize } = evaluateSome(planned, scope, ['items', 'batchSize']) as { items?: Json; batchSize: number }
    const list = listIn(namesList(planned) ? (items ?? null) : input)
    return batchSize > 1 ? inBatches(list, batchSize) : list
  } catch {
    return []
  }
}

function listIn(value: Json): Json[] {
  return Array.isArray(value) ? value : []
}

function withInside(id: string, plan: Plan): string[] {
  const planned = plan.nodes.get(id)
  return [id, ...(planned?.sections ?? []).flatMap((section) => section.order.flatMap((inner) => withInside(inner, plan)))]
}

/** Paths by every path that they stand below. */
function belowOf(log: StepLog): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>()
  for (const path of log.keys()) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const above = path.slice(0, at)
      const list = found.get(above)
      if (list) list.push(path)
      else found.set(above, [path])
    }
  }
  return found
}

function following(scope: PlanScope, fromId: string): Set<string> {
  const found = new Set<string>()
  const todo = [fromId]
  while (todo.length > 0) {
    const id = todo.pop() as string
    if (found.has(id)) continue
    found.add(id)
    for (const edge of scope.nodes.get(id)?.outgoing ?? []) todo.push(edge.to)
  }
  return found
}

/** Turns of an agent before the one named, and the calls of the named one that are done when a call is what failed. */
function before(within: string, agentPath: string, records: readonly StepRecord[]): string[] {
  const [turn = '', call] = within.split('/')
  const number = Number(turn.split('.')[1])
  return records
    .map((record) => record.path)
    .filter((path) => {
      const [turnOf = '', callOf] = path.slice(agentPath.length + 1).split('/')
      const numberOf = Number(turnOf.split('.')[1])
      if (numberOf !== number) return numberOf < number
      return call !== undefined && (callOf === undefined || callOf !== call)
    })
}
