import { type Trigger, triggersOf } from '@/server/services/workflows/triggers-of'
import type { Graph } from '@/workflows/graph/schema'

/** What a schedule starts in a version: the trigger that it names and no other, else the first for schedules, else the first. */
export function triggerFor(schedule: { nodeId: string | null }, graph: Graph): Trigger | undefined {
  const triggers = triggersOf(graph).filter((trigger) => !trigger.disabled)
  if (schedule.nodeId) return triggers.find((one) => one.nodeId === schedule.nodeId)
  return triggers.find((one) => one.kind === 'schedule') ?? triggers[0]
}
