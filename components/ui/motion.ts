/** How long something may move, in milliseconds: not at all where people asked for less motion. */
export function motionMs(ms: number): number {
  return window.matchMedia?.('(prefers-reduced-motion: reduce)').matches ? 0 : ms
}
