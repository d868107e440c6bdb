import { makeKey } from '@/workflows/graph/make-key'
import type { OperationOf } from '@/workflows/graph/operations'
import type { GraphNode, Json } from '@/workflows/graph/schema'
import { limits } from '@/workflows/limits'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { OpenApiOperation } from '@/workflows/nodes/http-request/from-openapi'
import { phrase } from '@/workflows/words/spoken'
import { freePlace } from '../places'
import { putNode } from './commands'
import type { Editor } from './create-editor'
import { newNode } from './new-node'
import { pasteAround } from './paste'
import { placeBehind } from './place-behind'
import type { Placement } from './ui'

type Point = { x: number; y: number }

export type FromText =
  | { kind: 'nodes'; ids: string[] }
  | { kind: 'request'; ids: string[]; left: readonly string[] }
  | { kind: 'operations'; name: string; operations: readonly OpenApiOperation[] }
  | { kind: 'problem'; message: string }
  | { kind: 'nothing' }

/** What was dropped as a file; of one that is too large `text` is only its beginning. */
export interface DroppedFile {
  name: string
  bytes: number
}

/** Below one another, ten in a column. */
const pitch = { x: 260, y: 100, rows: 10 }

/**
 * Nodes around a point from a text that was pasted or dropped: copied nodes, a workflow as JSON, a cURL command, a table, a description of an API. A single
 * request or table goes behind the one step that is chosen, where its way on is free.
 */
export async function addFromText(
  editor: Editor,
  text: string,
  at: Point,
  { file, chosen = new Set() }: { file?: DroppedFile; chosen?: ReadonlySet<string> } = {},
): Promise<FromText> {
  const { graph } = editor.getState()
  const where = placeBehind(graph, chosen) ?? { at: freePlace(graph.nodes, { x: at.x - 104, y: at.y - 28 }), placement: { kind: 'free' } }
  const { fromCurl, isCurl } = await import('@/workflows/nodes/http-request/from-curl')
  if (isCurl(text)) {
    const made = fromCurl(text)
    return made.ok ? add(editor, 'http.request', made, where, made.left) : { kind: 'problem', message: made.message }
  }
  const { fromCsvFile, isCsvFile, isTable } = await import('@/workflows/nodes/data-csv/from-csv-file')
  if (file ? isCsvFile(file.name) : isTable(text)) {
    const made = fromCsvFile(file?.name ?? null, text, file?.bytes)
    return made.ok ? add(editor, 'data.csv', made, where) : { kind: 'problem', message: made.message }
  }
  const described = await operationsIn(text)
  if (described) return described
  const made = pasteAround(editor, text, at)
  if (Array.isArray(made)) return { kind: 'nodes', ids: made }
  return made.code === 'clipboard.not_nodes' ? { kind: 'nothing' } : { kind: 'problem', message: made.message }
}

async function operationsIn(text: string): Promise<FromText | null> {
  if (!/["']?(?:openapi|swagger)["']?\s*:/.test(text.slice(0, limits.apiDocumentBytes))) return null
  const { fromOpenApi, isOpenApi } = await import('@/workflows/nodes/http-request/from-openapi')
  const document = /^\s*\{/.test(text) ? fromJson(text) : await fromYaml(text)
  if (!isOpenApi(document)) return null
  const made = fromOpenApi(document)
  return made.ok ? { kind: 'operations', name: made.name, operations: made.operations } : { kind: 'problem', message: made.message }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function fromYaml(text: string): Promise<unknown> {
  const { parse } = await import('yaml')
  try {
    // Its own limit on aliases keeps a small text from becoming a huge document.
    return parse(text, { maxAliasCount: 100, prettyErrors: false })
  } catch {
    return null
  }
}

function named(
  editor: Editor,
  type: string,
  title: string,
  params: Record<string, Json>,
  at: Point,
  taken: readonly string[],
): GraphNode | null {
  const definition = catalogue.get(type)
  return definition ? { ...newNode(editor, definition, at), key: makeKey(title, taken), title, params } : null
}

const keysIn = (editor: Editor) => editor.getState().graph.nodes.map((node) => node.key)

function add(
  editor: Editor,
  type: string,
  made: { title: string; params: Record<string, Json> },
  { at, placement }: { at: Point; placement: Placement },
  left: string[] = [],
): FromText {
  const node = named(editor, type, made.title, made.params, at, keysIn(editor))
  return node && putNode(editor, node, placement) ? { kind: 'request', ids: [node.id], left } : { kind: 'nothing' }
}

/** Makes a request what a cURL command says, in one step of undo; its other settings stay. */
export async function setFromCurl(editor: Editor, nodeId: string, params: readonly string[], text: string): Promise<FromText> {
  const { fromCurl } = await import('@/workflows/nodes/http-request/from-curl')
  const made = fromCurl(text)
  if (!made.ok) return { kind: 'problem', message: made.message }
  const node = editor.getState().graph.nodes.find((one) => one.id === nodeId)
  if (!node) return { kind: 'nothing' }
  const operations = params.flatMap((param): OperationOf<'setParam'>[] => {
    const before = node.params[param]
    const after = made.params[param]
    if (before === undefined && after === undefined) return []
    return [
      { kind: 'setParam', nodeId, path: [param], ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
    ]
  })
  const set = editor.perform({ kind: 'batch', label: phrase`Set “${node.title}” from a cURL command`, operations })
  return set ? { kind: 'request', ids: [nodeId], left: made.left } : { kind: 'nothing' }
}

/** The chosen operations of an API as HTTP requests, in one step of undo; the ids of those that were added. */
export function addRequests(editor: Editor, operations: readonly OpenApiOperation[], at: Point, label: string): string[] {
  const taken = keysIn(editor)
  const nodes = operations.flatMap((operation, index) => {
    const place = { x: at.x + Math.floor(index / pitch.rows) * pitch.x, y: at.y + (index % pitch.rows) * pitch.y }
    const node = named(editor, 'http.request', operation.title, operation.params, place, taken)
    if (node) taken.push(node.key)
    return node ? [node] : []
  })
  if (nodes.length === 0) return []
  return editor.perform({ kind: 'batch', label, operations: [{ kind: 'paste', nodes, edges: [] }] }) ? nodes.map((node) => node.id) : []
}
