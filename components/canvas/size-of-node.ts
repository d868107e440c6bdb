export const header = 56
export const rowHeight = 24

interface Sized {
  shape: 'card' | 'trigger' | 'tool' | 'note' | 'frame'
  outs: readonly unknown[]
  hasTools: boolean
  meta: string | null
  inside: number | null
}

/** Pixels of a node on the canvas at 100 %; cards follow from their rows, notes keep the size people gave them. */
export function sizeOfNode(node: Sized, size?: { width: number; height: number }): { width: number; height: number } {
  if (node.shape === 'note') return size ?? { width: 208, height: 84 }
  if (node.shape === 'tool') return { width: 160, height: 44 }
  const rows = node.outs.length > 1 ? node.outs.length * rowHeight + 8 : 0
  const meta = node.meta === null && node.inside === null ? 0 : 28
  const slots = node.hasTools ? 24 : 0
  return { width: 208, height: header + rows + meta + slots }
}

interface WithPorts {
  shape: Sized['shape']
  width: number
  outs: readonly { port: string }[]
  frame: { inner: readonly { port: string; y: number }[] } | null
}

/** The middle of the way in, from the top. */
export function inTop({ shape }: Pick<WithPorts, 'shape'>): number {
  return shape === 'frame' ? 20 : header / 2
}

/** The middle of a way out, from the upper left corner; a frame's own ports stand on the inside of its left wall. */
export function outPoint(view: WithPorts, port: string): { x: number; y: number } {
  const inner = view.frame?.inner.find((one) => one.port === port)
  if (inner) return { x: 0, y: inner.y }
  const index = Math.max(
    0,
    view.outs.findIndex((out) => out.port === port),
  )
  return { x: view.width, y: view.shape === 'frame' ? 20 + index * rowHeight : outTop(index, view.outs.length) + 1 }
}

/** Where a way out stands, from the top of the card. */
export function outTop(index: number, count: number) {
  return count > 1 ? header + 4 + rowHeight / 2 + index * rowHeight - 1 : header / 2 - 1
}
