import type { Move } from '@/components/canvas/moves-of'

export const arrangements = ['left', 'centre', 'right', 'top', 'middle', 'bottom', 'across', 'down'] as const
export type Arrangement = (typeof arrangements)[number]

export interface Placed {
  id: string
  position: { x: number; y: number }
  width: number
  height: number
}

/** The moves that align nodes with each other, or give them equal gaps; none where they stand so already. */
export function arrange(nodes: readonly Placed[], how: Arrangement): Move[] {
  if (nodes.length < 2) return []
  const places = how === 'across' || how === 'down' ? distributed(nodes, how) : aligned(nodes, how)
  return nodes.flatMap((node, index): Move[] => {
    const after = places[index] ?? node.position
    return after.x === node.position.x && after.y === node.position.y ? [] : [{ nodeId: node.id, before: node.position, after }]
  })
}

function aligned(nodes: readonly Placed[], how: Exclude<Arrangement, 'across' | 'down'>) {
  const left = Math.min(...nodes.map(({ position }) => position.x))
  const right = Math.max(...nodes.map(({ position, width }) => position.x + width))
  const top = Math.min(...nodes.map(({ position }) => position.y))
  const bottom = Math.max(...nodes.map(({ position, height }) => position.y + height))
  return nodes.map(({ position, width, height }) => {
    if (how === 'left') return { ...position, x: left }
    if (how === 'right') return { ...position, x: right - width }
    if (how === 'centre') return { ...position, x: Math.round((left + right - width) / 2) }
    if (how === 'top') return { ...position, y: top }
    if (how === 'bottom') return { ...position, y: bottom - height }
    return { ...position, y: Math.round((top + bottom - height) / 2) }
  })
}

/** The first and the last stay; what lies between gets equal gaps, in the order in which it stands. */
function distributed(nodes: readonly Placed[], how: 'across' | 'down') {
  const axis = how === 'across' ? 'x' : 'y'
  const size = how === 'across' ? 'width' : 'height'
  const order = nodes.map((_, index) => index).sort((a, b) => at(nodes, a)[axis] - at(nodes, b)[axis])
  const first = nodes[order[0] ?? 0]
  const last = nodes[order.at(-1) ?? 0]
  if (!first || !last) return nodes.map((node) => node.position)
  const room = last.position[axis] + last[size] - first.position[axis] - nodes.reduce((sum, node) => sum + node[size], 0)
  const gap = room / (nodes.length - 1)
  const places = nodes.map((node) => node.position)
  let next = first.position[axis]
  for (const index of order) {
    const node = nodes[index]
    if (!node) continue
    places[index] = { ...node.position, [axis]: node === last ? node.position[axis] : Math.round(next) }
    next += node[size] + gap
  }
  return places
}

const at = (nodes: readonly Placed[], index: number) => nodes[index]?.position ?? { x: 0, y: 0 }
