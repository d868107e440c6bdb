import type { Outputs } from '@/components/api/trpc'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { GraphNode } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { ControlKind } from '@/workflows/nodes/define'
import { readPath } from '@/workflows/runtime/node-id-of'
import { type RunDetail, rowsOf, type StepItem, type StepRow } from './run-model'

export type LoopSummary = Outputs['runs']['loop']
export type Iteration = Outputs['runs']['iterations']['items'][number]

const loops: ReadonlySet<ControlKind> = new Set(['for_each', 'repeat'])

/** Whether what stands in a node runs many times, in named parts, or there is nothing in it. */
export function partsOf(node: GraphNode | null): 'loop' | 'sections' | null {
  if (!node) return null
  if (node.settings.each) return 'loop'
  const definition = definitionOf(node, catalogue)
  if (definition?.kind !== 'control' || !definition.body) return null
  return loops.has(definition.control) ? 'loop' : 'sections'
}

/** What is known of the parts of a run so far; null is not there yet. */
interface KnownParts {
  steps(prefix: string): readonly StepItem[] | null
  first(loop: string): string | null
  sections(path: string): readonly string[] | null
}

interface ShownParts {
  rows: StepRow[]
  /** Prefixes of the iterations and sections that are shown, beside the run itself. */
  open: string[]
  loops: string[]
  containers: string[]
}

/**
 * The steps of a run with those of one iteration of each loop and of all sections below what they stand in. `picked` says which
 * iteration of a loop; where it does not, the one that a reader looks at first.
 */
export function showParts(run: Pick<RunDetail, 'graph' | 'status'>, known: KnownParts, picked: ReadonlyMap<string, string>): ShownParts {
  const shown: ShownParts = { rows: [], open: [], loops: [], containers: [] }
  const walk = (prefix: string) => {
    for (const row of rowsOf(run, known.steps(prefix) ?? [], prefix)) {
      shown.rows.push(row)
      const kind = partsOf(row.node)
      // A node that runs for each item stands in its own iterations.
      if (!kind || prefix.split('/').at(-3) === row.last.nodeId) continue
      const names = kind === 'loop' ? [picked.get(row.path) ?? known.first(row.path)] : known.sections(row.path)
      if (kind === 'loop') shown.loops.push(row.path)
      else shown.containers.push(row.path)
      for (const name of names ?? []) {
        if (name === null) continue
        shown.open.push(`${row.path}/${name}/`)
        walk(`${row.path}/${name}/`)
      }
    }
  }
  walk('')
  return shown
}

/** The iterations that a step's path goes through, by the paths of their containers. */
export function pickedBy(path: string | null): Map<string, string> {
  const picked = new Map<string, string>()
  let prefix = ''
  for (const { id, iteration } of path ? readPath(path).containers : []) {
    picked.set(prefix + id, iteration)
    prefix += `${id}/${iteration}/`
  }
  return picked
}

/** The container around a step and which of its iterations it is in. */
export function aroundOf(path: string): { container: string; iteration: string } | null {
  const { containers } = readPath(path)
  const last = containers.at(-1)
  if (!last) return null
  const above = containers.slice(0, -1).map((one) => `${one.id}/${one.iteration}/`)
  return { container: above.join('') + last.id, iteration: last.iteration }
}

/** `5` and `5.2` are the item with this number, counted from 0; null for a section's name. */
export function numberOf(iteration: string): number | null {
  return /^\d/.test(iteration) ? Number.parseInt(iteration, 10) : null
}

export function doneOf({ looks }: LoopSummary): number {
  return (looks.succeeded ?? 0) + (looks.failed ?? 0)
}
