import type { GraphNode } from '@/workflows/graph/schema'

export const cardWidth = 36
export const cardHeight = 24
const columnPitch = 66
const rowPitch = 28

export type Spot = { x: number; y: number }

/** Places of a graph's cards in the picture: columns and rows follow the canvas, gaps are closed. */
export function arrangePicture(nodes: readonly Pick<GraphNode, 'id' | 'position'>[]) {
  const columns = ranks(
    nodes.map((node) => node.position.x),
    130,
  )
  const rows = ranks(
    nodes.map((node) => node.position.y),
    40,
  )
  const spots = new Map<string, Spot>()
  let width = cardWidth
  let depth = cardHeight
  nodes.forEach((node, index) => {
    const x = (columns[index] ?? 0) * columnPitch
    const y = (rows[index] ?? 0) * rowPitch
    spots.set(node.id, { x, y })
    width = Math.max(width, x + cardWidth)
    depth = Math.max(depth, y + cardHeight)
  })
  return { spots, width, depth }
}

/** Each value's place among the distinct ones; values closer than `tolerance` share a place, wide gaps take two. */
function ranks(values: readonly number[], tolerance: number) {
  const sorted = [...new Set(values)].sort((a, b) => a - b)
  const places = new Map<number, number>()
  let place = 0
  let start = sorted[0] ?? 0
  for (const value of sorted) {
    if (value - start > tolerance) {
      place += value - start > tolerance * 2.5 ? 1.6 : 1
      start = value
    }
    places.set(value, place)
  }
  return values.map((value) => places.get(value) ?? 0)
}

/** A channel from the right side to the left with bends of 6; a tool hangs below its agent. */
export function edgePath(from: Spot, to: Spot, tool: boolean) {
  if (tool) {
    const startX = to.x + cardWidth / 2
    const startY = to.y + cardHeight
    const endX = from.x + cardWidth / 2
    const middle = (startY + from.y) / 2
    return `M${startX} ${startY}V${middle}H${endX}V${from.y}`
  }
  const startX = from.x + cardWidth
  const startY = from.y + cardHeight / 2
  const endY = to.y + cardHeight / 2
  if (Math.abs(startY - endY) < 1) return `M${startX} ${startY}H${to.x}`
  const bend = Math.min(6, Math.abs(endY - startY) / 2)
  const middle = to.x > startX ? to.x - (columnPitch - cardWidth) / 2 : startX + 8
  const sign = endY > startY ? 1 : -1
  return `M${startX} ${startY}H${middle - bend}Q${middle} ${startY} ${middle} ${startY + sign * bend}V${endY - sign * bend}Q${middle} ${endY} ${middle + bend} ${endY}H${to.x}`
}
