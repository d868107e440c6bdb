import { isN8n } from '@/workflows/graph/from-n8n'
import { issueSentence } from '@/workflows/graph/issue-sentence'
import { type Graph, graphSchema, type Json } from '@/workflows/graph/schema'

export type ReadDocument =
  | { ok: true; document: Json; name: string; graph: Graph }
  | { ok: false; problem: 'json' | 'shape' | 'graph' | 'n8n'; detail: string }

/** Looks at a pasted workflow before it is sent, so that a slip is told at once. The server checks it all again. */
export function readDocument(text: string): ReadDocument {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { ok: false, problem: 'json', detail: error instanceof Error ? error.message : '' }
  }
  if (isN8n(value)) return { ok: false, problem: 'n8n', detail: '' }
  if (typeof value !== 'object' || value === null || !('graph' in value) || !('millrace' in value)) {
    return { ok: false, problem: 'shape', detail: '' }
  }
  const graph = graphSchema.safeParse(value.graph)
  if (!graph.success) {
    const issue = graph.error.issues[0]
    return { ok: false, problem: 'graph', detail: issue ? `${issue.path.join('.')}: ${issueSentence(issue)}` : '' }
  }
  const name = 'name' in value && typeof value.name === 'string' ? value.name : ''
  return { ok: true, document: value as Json, name, graph: graph.data }
}
