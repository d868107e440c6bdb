import { leavesBy } from '../graph/taken-ports'
import type { Frame } from './frame'
import type { ReadyStep } from './frames'
import type { Plan, PlanNode, PlanScope, StepRecord, StoredValues } from './types'

/** Outputs that are stored apart from their steps: in memory only while a step that reads them is under way. */
export interface ApartValues {
  /** False while every value of the run is in memory, as in most runs. */
  readonly any: boolean
  /** Whether all that a step reads is in memory. */
  isHere(step: ReadyStep): boolean
  /** Loads what it reads and is not; false when a value is gone. */
  bring(step: ReadyStep): Promise<boolean>
  /** What was brought for a step may go again when it has left; until this is called it stays in any case. */
  begun(step: ReadyStep): void
  /** Told of all that became durable. */
  written(records: readonly StepRecord[]): void
  /** Told when a step is settled, failed, or goes on later. */
  left(frame: Frame, id: string): void
}

export interface ApartParts {
  plan: Plan
  stored: StoredValues | undefined
  /** An earlier slice may have stored some. */
  resumed: boolean
  /** The open frame whose steps' paths begin so. */
  frameAt(prefix: string): Frame | undefined
  /** An effect or an agent at this path is at work. */
  isInFlight(path: string): boolean
}

export function createApartValues({ plan, stored, resumed, frameAt, isInFlight }: ApartParts): ApartValues {
  if (!stored) return nothingApart
  const bringing = new Set<string>()
  const readers = new WeakMap<PlanScope, Map<string, string[]>>()
  let any = resumed
  let last: Promise<unknown> = Promise.resolve()

  const readsOf = (planned: PlanNode): readonly string[] => {
    let known = reads.get(planned)
    if (!known) {
      known = [...new Set(readsIn(planned, plan))]
      reads.set(planned, known)
    }
    return known
  }

  const readersOf = ({ scope }: Frame, id: string): readonly string[] => {
    let known = readers.get(scope)
    if (!known) {
      known = new Map()
      for (const reader of scope.order) {
        for (const read of readsOf(scope.nodes.get(reader) as PlanNode)) known.set(read, [...(known.get(read) ?? []), reader])
      }
      readers.set(scope, known)
    }
    return known.get(id) ?? []
  }

  const letGo = (frame: Frame, id: string, leaving?: string): void => {
    const record = frame.flow.settledOf(id)
    const where = record?.apart?.output
    if (!record || !where || frame.flow.apartAt(id) || frame.state === 'ended') return
    if (staysHere(frame.scope.nodes.get(id) as PlanNode, record)) return
    const isUnderWay = (reader: string) =>
      reader !== leaving && (bringing.has(frame.prefix + reader) || frame.open.has(reader) || isInFlight(frame.prefix + reader))
    if (readersOf(frame, id).some(isUnderWay)) return
    stored.keep(where, frame.flow.outputs[id] ?? null)
    frame.flow.release(id, where)
    record.output = undefined
    record.input = undefined
  }

  const missing = ({ frame, id }: ReadyStep): { at: Frame; id: string }[] => {
    const found: { at: Frame; id: string }[] = []
    for (const read of readsOf(frame.scope.nodes.get(id) as PlanNode)) {
      const at = holderOf(frame, read)
      if (at?.flow.apartAt(read)) found.push({ at, id: read })
    }
    return found
  }

  const bringOne = async (at: Frame, id: string): Promise<boolean> => {
    const where = at.flow.apartAt(id)
    if (!where) return true
    const value = await stored.load(where)
    if (value === undefined) return false
    at.flow.restore(id, value)
    return true
  }

  return {
    get any() {
      return any
    },
    isHere(step) {
      for (const { at, id } of missing(step)) {
        const where = at.flow.apartAt(id)
        const value = where && stored.peek(where)
        if (value === undefined) return false
        at.flow.restore(id, value)
      }
      return true
    },
    bring(step) {
      bringing.add(step.frame.prefix + step.id)
      // One value at a time: reading one takes several times its size.
      const work = last.then(async () => {
        let whole = true
        for (const { at, id } of missing(step)) whole = (await bringOne(at, id)) && whole
        return whole
      })
      last = work.catch(() => {})
      return work
    },
    begun({ frame, id }) {
      bringing.delete(frame.prefix + id)
      for (const read of readsOf(frame.scope.nodes.get(id) as PlanNode)) {
        const at = holderOf(frame, read)
        if (at) letGo(at, read)
      }
    },
    written(records) {
      for (const record of records) {
        if (!record.apart) continue
        if (record.status === 'succeeded') record.input = undefined
        if (!record.apart.output) continue
        any = true
        const slash = record.path.lastIndexOf('/') + 1
        const frame = frameAt(record.path.slice(0, slash))
        const id = record.path.slice(slash)
        if (frame?.flow.settledOf(id) === record) letGo(frame, id)
      }
    },
    left(frame, id) {
      if (!any) return
      letGo(frame, id, id)
      for (const read of readsOf(frame.scope.nodes.get(id) as PlanNode)) {
        const at = holderOf(frame, read)
        if (at) letGo(at, read, at === frame ? id : undefined)
      }
    },
  }
}

/** What came of a scope's last steps is its result, and what triggered the run is in memory as its input. */
export function staysHere({ definition, outgoing }: PlanNode, { port }: StepRecord): boolean {
  if (definition.kind === 'trigger' || (definition.kind === 'control' && definition.control === 'respond')) return true
  return !outgoing.some((edge) => leavesBy(port, edge.fromPort))
}

const nothingApart: ApartValues = {
  any: false,
  isHere: () => true,
  bring: async () => true,
  begun: () => {},
  written: () => {},
  left: () => {},
}

const reads = new WeakMap<PlanNode, readonly string[]>()

/** Ids of all steps whose outputs a step takes, its tools and what stands inside it included. */
function readsIn(planned: PlanNode, plan: Plan): string[] {
  const inner = [...planned.tools, ...planned.sections.flatMap(({ order }) => order)]
  return [
    ...planned.incoming.map(({ from }) => from),
    ...planned.reads,
    ...inner.flatMap((id) => {
      const one = plan.nodes.get(id)
      return one ? readsIn(one, plan) : []
    }),
  ]
}

function holderOf(frame: Frame, id: string): Frame | undefined {
  for (let at: Frame | null = frame; at; at = at.parent) if (Object.hasOwn(at.flow.outputs, id)) return at
  return undefined
}
