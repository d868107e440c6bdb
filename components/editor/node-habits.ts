import type { Graph } from '@/workflows/graph/schema'
import { type Habits, pairsOf } from './find-node-types'

const key = 'millrace.chosen-nodes'

/** What this person chose before, and how this workflow is built: what comes first where several nodes would do. */
export function habitsFor(graph: Pick<Graph, 'nodes' | 'edges'>): Habits {
  return { used: readUsed(), pairs: pairsOf(graph) }
}

export function rememberChoice(type: string) {
  const used = readUsed()
  try {
    window.localStorage.setItem(key, JSON.stringify({ ...used, [type]: (used[type] ?? 0) + 1 }))
  } catch {
    // Full or forbidden: the order is then the same as before.
  }
}

function readUsed(): Record<string, number> {
  try {
    const value: unknown = JSON.parse(window.localStorage.getItem(key) ?? '{}')
    if (typeof value !== 'object' || value === null) return {}
    return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'))
  } catch {
    return {}
  }
}
