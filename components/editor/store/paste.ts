// Loaded when somebody pastes or copies: it brings the language of expressions, which the canvas does without.
import { frameAt, hiddenIn, isContainer, isGroup, shownAt } from '@/components/canvas/frames'
import { viewsOf } from '@/components/canvas/views-of'
import { fromClipboard } from '@/workflows/graph/from-clipboard'
import { applyOperation, type OperationOf } from '@/workflows/graph/operations'
import type { Graph, GraphNode, Problem } from '@/workflows/graph/schema'
import { toClipboard } from '@/workflows/graph/to-clipboard'
import { wayFromWalls } from './containers'
import type { Editor } from './create-editor'
import { grid } from './new-node'

type Point = { x: number; y: number }

const rowHeight = 20
const pasteGap = 20

/** Pastes what was copied, or any graph as JSON, with its corner at a point. The ids of the copies, or why there are none. */
export function pasteText(editor: Editor, text: string, at: Point, parent?: string): string[] | Problem {
  const pasted = fromClipboard(text, grid(at), editor.newId)
  if (!pasted.ok) return pasted.problem
  const { nodes } = pasted.value
  const placed = parent === undefined ? nodes : nodes.map((node) => (node.parent === undefined ? { ...node, parent } : node))
  return editor.perform({ ...pasted.value, nodes: placed }) ? nodes.map((node) => node.id) : []
}

/** The same with its middle at a point, or below it where cards stand; into the container at the point where it may go there. */
export function pasteAround(editor: Editor, text: string, middle: Point): string[] | Problem {
  const pasted = fromClipboard(text, grid(middle), editor.newId)
  if (!pasted.ok) return pasted.problem
  const { graph } = editor.getState()
  const paste = (frame: string | null): OperationOf<'paste'> => {
    const nodes = pasted.value.nodes.map((node) => (frame === null || node.parent !== undefined ? node : { ...node, parent: frame }))
    const by = wayToMiddle(graph, { nodes: pasted.value.nodes, edges: pasted.value.edges }, middle, frame)
    return {
      ...pasted.value,
      nodes: nodes.map((node) => ({ ...node, position: { x: node.position.x + by.x, y: node.position.y + by.y } })),
    }
  }
  const frame = frameAt(graph, viewsOf(graph), middle)
  const inside = graph.nodes.some((node) => node.id === frame && isContainer(node)) ? paste(frame) : null
  const operation = inside && applyOperation(graph, inside).ok ? inside : paste(null)
  return editor.perform(operation) ? operation.nodes.map((node) => node.id) : []
}

/** How far a copied graph has to move until its middle lies there; further down, by rows of the grid, where it would lie upon cards. */
function wayToMiddle(graph: Graph, copied: Pick<Graph, 'nodes' | 'edges'>, middle: Point, frame: string | null): Point {
  const boxesOf = (one: Graph, among: readonly GraphNode[]) => {
    const views = viewsOf(one)
    return among.flatMap((node) => {
      const view = views.get(node.id)
      return view ? [{ ...shownAt(node, view), width: view.width, height: view.height }] : []
    })
  }
  const own = boxesOf({ ...graph, ...copied }, copied.nodes)
  const hidden = hiddenIn(graph)
  const others = boxesOf(
    graph,
    graph.nodes.filter((node) => (node.parent ?? null) === frame && !hidden.has(node.id) && !isGroup(node)),
  )
  const [left, top] = [Math.min(...own.map((box) => box.x)), Math.min(...own.map((box) => box.y))]
  const width = Math.max(...own.map((box) => box.x + box.width)) - left
  const height = Math.max(...own.map((box) => box.y + box.height)) - top
  const corner = grid({ x: middle.x - width / 2, y: middle.y - height / 2 })
  const wall = frame === null ? { x: 0, y: 0 } : wayFromWalls(graph, frame, corner)
  const by = { x: corner.x - left + wall.x, y: corner.y - top + wall.y }
  const lies = () =>
    own.some((box) =>
      others.some(
        (other) =>
          box.x + by.x < other.x + other.width &&
          other.x < box.x + by.x + box.width &&
          box.y + by.y < other.y + other.height + pasteGap &&
          other.y < box.y + by.y + box.height + pasteGap,
      ),
    )
  for (let rows = 0; rows < 500 && lies(); rows++) by.y += rowHeight
  return by
}

/** Copies what is chosen a little to the right and below; null where nothing is. */
export function pasteBeside(editor: Editor, ids: ReadonlySet<string>): string[] | null {
  const { graph } = editor.getState()
  const chosen = graph.nodes.filter((node) => ids.has(node.id))
  if (chosen.length === 0) return null
  const left = Math.min(...chosen.map((node) => node.position.x))
  const top = Math.min(...chosen.map((node) => node.position.y))
  const [first] = chosen
  const together = chosen.every((node) => node.parent === first?.parent || ids.has(node.parent ?? ''))
  const made = pasteText(editor, toClipboard(graph, [...ids]), { x: left + 40, y: top + 40 }, together ? first?.parent : undefined)
  return Array.isArray(made) ? made : null
}
