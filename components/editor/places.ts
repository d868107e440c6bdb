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
