/** Where a workflow begins in the window: left, a third down, with room to grow to the right. */
export function firstPlace(canvas: { left: number; top: number; height: number }) {
  return { x: canvas.left + 64, y: canvas.top + canvas.height / 3 }
}

/** The first place below `at` where no card stands. */
export function freePlace(nodes: readonly { position: { x: number; y: number } }[], at: { x: number; y: number }) {
  let { y } = at
  while (nodes.some((node) => Math.abs(node.position.x - at.x) < 216 && Math.abs(node.position.y - y) < 96)) y += 100
  return { x: at.x, y }
}

/** The way out that the next step begins at: the first that leads nowhere yet, else the first. What follows a failure is drawn by hand. */
export function nextWayOut(ports: readonly string[], taken: ReadonlySet<string>): string | undefined {
  return ports.find((port) => port !== 'error' && !taken.has(port)) ?? ports[0]
}

/** Where on the canvas a card is to be seen, in pixels from its corner. */
interface Room {
  left: number
  top: number
  right: number
  bottom: number
}

/** How far the view has to move, in pixels of the screen, until a card lies within the room; null where it does. */
export function wayIntoView(
  view: { x: number; y: number; zoom: number },
  room: Room,
  card: { x: number; y: number; width: number; height: number },
): { x: number; y: number } | null {
  const x = shiftInto(card.x * view.zoom + view.x, card.width * view.zoom, room.left, room.right)
  const y = shiftInto(card.y * view.zoom + view.y, card.height * view.zoom, room.top, room.bottom)
  return x === 0 && y === 0 ? null : { x, y }
}

/** How far a length has to move to lie between two borders; its beginning counts where it is longer. */
function shiftInto(from: number, length: number, first: number, last: number): number {
  if (from < first) return first - from
  return from + length > last ? Math.max(last - from - length, first - from) : 0
}
