import type { Went } from '@/components/canvas/edge-labels'
import type { DraftResult } from './editor-context'

/** What the last test of each node gave, where that still says something of the draft, and of the test that stands still. */
export function wentThrough(
  results: ReadonlyMap<string, Pick<DraftResult, 'status' | 'port' | 'output' | 'outputBytes' | 'durationMs' | 'stale'>>,
  notReached: ReadonlySet<string> = new Set(),
): Map<string, Went> {
  const went = new Map<string, Went>()
  for (const [nodeId, { status, stale, port, output, outputBytes, durationMs }] of results) {
    if (status !== 'succeeded' || stale || notReached.has(nodeId)) continue
    // Of a large output only the beginning is here.
    went.set(nodeId, { port, items: outputBytes !== null ? null : Array.isArray(output) ? output.length : 1, durationMs })
  }
  return went
}
