export const zoomRange = { min: 0.05, max: 2 }
/** On a phone the bar at the lower left takes so much that nodes would lie under it, and while one builds the button of the palette above it. */
const forBar = { left: 0.07, right: 0.07, top: 0.07, bottom: '64px' } as const

/** All that is there in view, never larger than it is. */
export function fitOptions(build: boolean) {
  const phone = window.innerWidth < 768
  return { padding: phone ? { ...forBar, ...(build ? { left: '56px' as const } : {}) } : 0.07, maxZoom: 1 }
}
