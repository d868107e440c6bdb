export const header = 56
export const rowHeight = 24

interface Sized {
  shape: 'card' | 'trigger' | 'tool' | 'note'
  outs: readonly unknown[]
  hasTools: boolean
  meta: string | null
}

/** Pixels of a node on the canvas at 100 %; cards follow from their rows, notes keep the size people gave them. */
export function sizeOfNode(node: Sized, size?: { width: number; height: number }): { width: number; height: number } {
  if (node.shape === 'note') return size ?? { width: 208, height: 84 }
  if (node.shape === 'tool') return { width: 160, height: 44 }
  const rows = node.outs.length > 1 ? node.outs.length * rowHeight + 8 : 0
  const meta = node.meta === null ? 0 : 28
  const slots = node.hasTools ? 24 : 0
  return { width: 208, height: header + rows + meta + slots }
}

/** Where a way out stands, from the top of the card. */
export function outTop(index: number, count: number) {
  return count > 1 ? header + 4 + rowHeight / 2 + index * rowHeight - 1 : header / 2 - 1
}
