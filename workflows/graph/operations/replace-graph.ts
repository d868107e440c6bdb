import { phrase } from '../../words/spoken'
import type { Catalogue } from '../catalogue'
import { parseGraph } from '../parse-graph'
import { sameJson } from '../same-json'
import type { Graph } from '../schema'
import { countNodes, done, type OperationRule, refuse } from './operation'
import type { OperationOf, OperationResult } from './schema'

/** Puts another whole graph in this one's place: an older version brought back, an import, a tidied or generated graph. */
export function replaceGraph(graph: Graph, args: OperationOf<'replaceGraph'>, catalogue: Catalogue): OperationResult<Graph> {
  if (args.guarded && !sameJson(graph, args.before)) {
    return refuse('undo.changed_since', 'The workflow was changed since, so this was not taken back. Bring back a version instead.')
  }
  const parsed = parseGraph(args.after, catalogue)
  const [problem] = parsed.ok ? [] : parsed.problems
  if (problem) return { ok: false, problem }
  return done(args.after)
}

export const replaceGraphRule: OperationRule<OperationOf<'replaceGraph'>> = {
  apply: replaceGraph,
  invert: (before, args) => ({ kind: 'replaceGraph', before: args.after, after: before, guarded: true }),
  describe: ({ after }) => phrase`Replaced the whole workflow (${countNodes(after.nodes.length)})`,
  touches: () => ['node', 'edge'],
}
