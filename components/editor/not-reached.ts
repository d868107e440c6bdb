import { containersOf } from '@/workflows/graph/body-edges'
import { downstreamOf } from '@/workflows/graph/downstream-of'
import type { Graph } from '@/workflows/graph/schema'
import { upstreamOf } from '@/workflows/graph/upstream-of'
import type { StandsStill } from './build-paint'
import type { StoppedTest } from './stopped-test'

/** What lies before a test that stands still. */
export function aheadOf(graph: Graph, stopped: StoppedTest): StandsStill {
  const { at, taken, held, mode, nodeId } = stopped
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  const containers = (id: string) => containersOf(id, byId)
  const around = new Set(held ? containers(held.nodeId) : [])
  const ahead = new Set([...at, ...downstreamOf(graph, [...at, ...around])])
  // An iteration begins anew with what stands in its container.
  for (const node of graph.nodes) if (containers(node.id).some((id) => around.has(id) || ahead.has(id))) ahead.add(node.id)
  for (const one of held?.values ?? []) ahead.delete(one.nodeId)
  for (const id of [...taken.keys(), ...around]) ahead.delete(id)
  if (mode !== 'upTo') return { notReached: ahead, around }
  // Nothing behind its end was to run.
  const wanted = new Set([nodeId, ...containers(nodeId), ...upstreamOf(graph, [nodeId, ...containers(nodeId)])])
  return { notReached: new Set([...ahead].filter((id) => [id, ...containers(id)].some((one) => wanted.has(one)))), around }
}
