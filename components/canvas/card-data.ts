import { type NodePaint, noPaint } from './node-paint'
import type { NodeView } from './node-view'

/** What the canvas hands to whatever draws a node. */
export type CardData = { view: NodeView; paint?: NodePaint; renaming?: boolean; traced?: boolean; dropTarget?: boolean }

/** A node's state, as its look and the tests read it. */
export function marksOf(id: string, { view, paint = noPaint, traced, dropTarget }: CardData, selected: boolean) {
  return {
    'data-node-id': id,
    'data-shape': view.shape,
    'data-status': paint.status,
    'data-selected': selected || undefined,
    'data-disabled': view.disabled || undefined,
    'data-locked': view.locked || undefined,
    'data-colour': view.colour ?? undefined,
    'data-problem': paint.problems ? true : undefined,
    'data-change': paint.change,
    'data-traced': traced || undefined,
    'data-drop': dropTarget || undefined,
  }
}
