export const zoomRange = { min: 0.05, max: 2 }
/** All that is there in view, never larger than it is. */
export const fitOptions = { padding: 0.07, maxZoom: 1 } as const
