export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** A line on the canvas: what is dragged stands in one line with something on it. */
export interface Guide {
  axis: 'x' | 'y'
  at: number
  from: number
  to: number
}

export interface Snapped {
  x: number
  y: number
  guides: Guide[]
}

/** How far away, on the canvas, others are looked at: what is out of sight is nothing to align with. */
const sight = 1_400

/** Where a box comes to stand when edges and middles pull it, from at most `pull` away, and the lines that say to what. */
export function snapTo(box: Box, others: readonly Box[], pull: number): Snapped {
  const near = others.filter((one) => Math.abs(one.x - box.x) < sight && Math.abs(one.y - box.y) < sight)
  const x = nearest(marks(box.x, box.width), near, (one) => marks(one.x, one.width), pull)
  const y = nearest(marks(box.y, box.height), near, (one) => marks(one.y, one.height), pull)
  const placed = { ...box, x: box.x + (x?.by ?? 0), y: box.y + (y?.by ?? 0) }
  const guides: Guide[] = []
  if (x) guides.push(line('x', x.at, [placed, ...x.with]))
  if (y) guides.push(line('y', y.at, [placed, ...y.with]))
  return { x: placed.x, y: placed.y, guides }
}

const marks = (start: number, size: number) => [start, start + size / 2, start + size]

function nearest(own: readonly number[], others: readonly Box[], marksOf: (one: Box) => number[], pull: number) {
  let best: { by: number; at: number; with: Box[] } | null = null
  for (const one of others)
    for (const [index, at] of marksOf(one).entries()) {
      // Edges align with edges and middles with middles: a middle on an edge looks like a mistake.
      for (const [ownIndex, mine] of own.entries()) {
        if ((ownIndex === 1) !== (index === 1)) continue
        const by = at - mine
        if (Math.abs(by) > pull) continue
        if (best && Math.abs(by) === Math.abs(best.by) && at === best.at) best.with.push(one)
        else if (!best || Math.abs(by) < Math.abs(best.by)) best = { by, at, with: [one] }
      }
    }
  return best
}

function line(axis: 'x' | 'y', at: number, boxes: readonly Box[]): Guide {
  const starts = boxes.map((one) => (axis === 'x' ? one.y : one.x))
  const ends = boxes.map((one) => (axis === 'x' ? one.y + one.height : one.x + one.width))
  return { axis, at, from: Math.min(...starts), to: Math.max(...ends) }
}
