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

/** How far the canvas has to move, in pixels of the screen, until all of a card is seen; null where it is. */
export function wayIntoView(
  view: { x: number; y: number; zoom: number },
  canvas: { width: number; height: number },
  card: { x: number; y: number; width: number; height: number },
): { x: number; y: number } | null {
  const x = inside(card.x * view.zoom + view.x, card.width * view.zoom, canvas.width)
  const y = inside(card.y * view.zoom + view.y, card.height * view.zoom, canvas.height)
  return x === 0 && y === 0 ? null : { x, y }
}

const margin = 40

/** Where it is larger than the canvas, its beginning is shown. */
function inside(from: number, length: number, room: number): number {
  const most = room - margin - length
  return from < margin || most < margin ? margin - from : from > most ? most - from : 0
}
