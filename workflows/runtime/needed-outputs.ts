import { staysHere } from './apart-values'
import { isSettled } from './flow-state'
import { readPath } from './node-id-of'
import type { Plan, StepRecord } from './types'

/** Paths among these whose values have to be in memory when a run is taken up: results of what they stand in, and what a working agent reads. */
export function neededOutputs(plan: Plan, log: ReadonlyMap<string, StepRecord>, paths: readonly string[]): string[] {
  const isDone = (path: string) => {
    const record = log.get(path)
    return record !== undefined && isSettled(record)
  }
  return paths.filter((path) => {
    const { nodeId, containers, within } = readPath(path)
    let prefix = ''
    for (const { id, iteration } of containers) {
      if (isDone(prefix + id)) return false
      prefix += `${id}/${iteration}/`
    }
    // While an agent works, every answer inside it is read again.
    if (within !== '') return !isDone(prefix + nodeId)
    // An item of a node that its settings run for each of them.
    if (containers.at(-1)?.id === nodeId) return true
    const planned = plan.nodes.get(nodeId)
    return !planned || staysHere(planned, log.get(path) as StepRecord)
  })
}
