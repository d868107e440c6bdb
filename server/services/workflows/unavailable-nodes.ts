import { whyNoPython } from '@/server/sandbox/python/find-python-sandbox'
import type { NodeType } from '@/workflows/nodes/catalogue'

/** Node types that this machine cannot run, and why. Web and workers are taken to stand on machines of one kind. */
export function unavailableNodes(): ReadonlyMap<NodeType, string> {
  const reason = whyNoPython()
  return new Map(reason ? [['code.python', reason]] : [])
}
