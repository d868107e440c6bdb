import { makeKey } from '@/workflows/graph/make-key'
import type { GraphNode } from '@/workflows/graph/schema'
import type { NodeDefinition } from '@/workflows/nodes/define'
import type { Editor } from './create-editor'

type Point = { x: number; y: number }

export const grid = (point: Point): Point => ({ x: Math.round(point.x / 4) * 4, y: Math.round(point.y / 4) * 4 })

/** Room for one card. */
const newFrame = { width: 304, height: 152 }

export function newNode(editor: Editor, definition: NodeDefinition, position: Point): GraphNode {
  const { nodes } = editor.getState().graph
  const key = makeKey(
    definition.title,
    nodes.map((node) => node.key),
  )
  const number = /_(\d+)$/.exec(key)?.[1]
  return {
    id: editor.newId(),
    key,
    title: number ? `${definition.title} ${number}` : definition.title,
    type: definition.type,
    version: definition.version,
    params: {},
    settings: { onError: 'fail', atMostOnce: false, disabled: false, note: '' },
    position: grid(position),
    ...(definition.kind === 'note' && !definition.gathers ? { size: { width: 208, height: 84 } } : {}),
    ...(definition.kind === 'control' && definition.body ? { size: { ...newFrame } } : {}),
  }
}
