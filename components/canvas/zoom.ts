export const zoomRange = { min: 0.05, max: 2 }
/** On a phone the bar at the lower left takes so much that nodes would lie under it. */
const forBar = { x: 0.07, top: 0.07, bottom: '64px' } as const

/** All that is there in view, never larger than it is. */
export function fitOptions() {
  return { padding: window.innerWidth < 768 ? forBar : 0.07, maxZoom: 1 }
}
