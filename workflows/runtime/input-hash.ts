import type { Json } from '../graph/schema'
import type { FiredEdge } from './flow-state'
import type { PlanNode } from './types'

export interface InputHasher {
  /** Equal where the node, what came in and everything its expressions read are equal; the clock and the run's id do not count. */
  of(planned: PlanNode, fired: readonly FiredEdge[], input: Json): string
}

export function createInputHasher(options: {
  hash: (value: Json) => string
  outputs: Readonly<Record<string, Json>>
  trigger: Json
  variables: Readonly<Record<string, Json>>
}): InputHasher {
  const { hash, outputs, variables } = options
  const known = new Map<string, string>()
  let trigger: string | undefined
  const ofStep = (id: string): string => {
    if (!Object.hasOwn(outputs, id)) return '-'
    const found = known.get(id)
    if (found) return found
    const made = hash(outputs[id] ?? null)
    known.set(id, made)
    return made
  }
  return {
    of(planned, fired, input) {
      trigger ??= hash(options.trigger)
      const came = fired.length > 0 ? fired.map((edge) => [edge.from, edge.port, ofStep(edge.from)]) : [hash(input)]
      const reads = [...planned.reads].sort().map((id) => [id, ofStep(id)])
      const vars = [...planned.params.vars].sort().map((name) => [name, variables[name] ?? null])
      return hash([planned.hash, trigger, came, reads, vars])
    },
  }
}
