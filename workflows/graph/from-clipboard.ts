import { catalogue as wholeCatalogue } from '../nodes/catalogue'
import type { Catalogue } from './catalogue'
import { withNewIds } from './from-document'
import { isN8n } from './from-n8n'
import type { OperationOf } from './operations'
import { parseGraph } from './parse-graph'
import type { Problem, Result } from './schema'

/** What was copied, as a paste under new ids with its upper left corner at a point of the canvas. */
export function fromClipboard(
  text: string,
  at: { x: number; y: number },
  newId: () => string,
  catalogue: Catalogue = wholeCatalogue,
): Result<OperationOf<'paste'>> {
  const value = graphIn(text)
  if (isN8n(value)) return { ok: false, problem: nodesOfN8n }
  const parsed = parseGraph(value, catalogue)
  if (!parsed.ok || parsed.graph.nodes.length === 0) {
    const reason = parsed.ok
      ? undefined
      : parsed.problems.find((problem) => problem.code !== 'graph.invalid' && problem.code !== 'graph.schema')
    return { ok: false, problem: reason ?? nothingToPaste }
  }
  const { nodes, edges } = withNewIds(parsed.graph, newId, catalogue)
  const corner = { x: Math.min(...nodes.map((node) => node.position.x)), y: Math.min(...nodes.map((node) => node.position.y)) }
  // A copy is there to be changed.
  const placed = nodes.map(({ locked: _lock, ...node }) => ({
    ...node,
    position: { x: node.position.x - corner.x + at.x, y: node.position.y - corner.y + at.y },
  }))
  return { ok: true, value: { kind: 'paste', nodes: placed, edges } }
}

const nodesOfN8n: Problem = {
  code: 'clipboard.n8n',
  severity: 'error',
  message:
    'These nodes are from n8n and cannot be taken over. Add the steps anew: paste the cURL command of each request; expressions in n8n’s words are rewritten at a press.',
}

const nothingToPaste: Problem = {
  code: 'clipboard.not_nodes',
  severity: 'error',
  message: 'The clipboard holds no nodes. Copy some on a canvas first.',
}

function graphIn(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'graph' in value ? value.graph : value
  } catch {
    return null
  }
}
