import { queueOf } from '@/workflows/runtime/execute-plan'
import type { PlanNode, StepQueue } from '@/workflows/runtime/types'

/** Steps of another named queue are left to it. */
export function isOfQueue(planned: PlanNode, queue: StepQueue | undefined): boolean {
  const own = queueOf(planned)
  return own === 'default' || queue === undefined || own === queue
}
