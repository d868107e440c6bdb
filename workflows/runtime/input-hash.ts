import type { Json } from '../graph/schema'
import type { FiredEdge } from './flow-state'
import { type Frame, outputIn } from './frame'
import type { PlanNode } from './types'

export interface InputHasher {
  /**
   * Equal where the node, what came in and everything its expressions read are equal, the item of a loop included; the clock and the
   * run's id do not count.
   */
  of(frame: Frame, planned: PlanNode, fired: readonly FiredEdge[], input: Json): string
}

/** Where a frame keeps the hash of its item; no node has such an id. */
const itemKey = '*item'

export function createInputHasher(options: {
  hash: (value: Json) => string
  trigger: Json
  variables: Readonly<Record<string, Json>>
}): InputHasher {
  const { hash, variables } = options
  let trigger: string | undefined
  const ofStep = (frame: Frame, id: string): string => {
    const found = outputIn(frame, id)
    return found ? known(found.frame, id, found.value) : '-'
  }
  const known = (frame: Frame, key: string, value: Json): string => {
    const there = frame.hashes.get(key)
    if (there !== undefined) return there
    const made = hash(value)
    frame.hashes.set(key, made)
    return made
  }
  return {
    of(frame, planned, fired, input) {
      trigger ??= hash(options.trigger)
      const came = fired.length > 0 ? fired.map((edge) => [edge.from, edge.port, ofStep(frame, edge.from)]) : [hash(input)]
      const reads = [...planned.reads].sort().map((id) => [id, ofStep(frame, id)])
      const vars = [...planned.params.vars].sort().map((name) => [name, variables[name] ?? null])
      const inside =
        frame.item === undefined && frame.index === undefined
          ? []
          : [
              frame.item === undefined ? '-' : known(frame, itemKey, frame.item),
              ...(planned.readsIndex && frame.index !== undefined ? [frame.index] : []),
            ]
      return hash([planned.hash, trigger, came, reads, vars, ...inside])
    },
  }
}
