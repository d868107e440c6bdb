/** A port can be hit 12 px around its middle; the channel begins in the middle. */
export const reach = 12
/** Ways out of one port share a trunk this far before they part. */
export const trunk = 26

interface Ends {
  sourceX: number
  sourceY: number
  targetX: number
  targetY: number
}

/** Where a label's middle stands, or its left end where `fromLeft` is set. */
export interface LabelPlace {
  x: number
  y: number
  fromLeft?: boolean
}

/**
 * On the last straight run, where a bend would cut a text in two. Where the run is shorter than the text it begins behind the card that
 * the edge leaves, above the one it leads to, so that neither covers it.
 */
export function labelPlace(ends: Ends, middle: { x: number; y: number }, label: string | undefined): LabelPlace {
  if (!label) return middle
  const width = label.length * 6 + 24
  const start = ends.sourceX - reach + trunk
  if (ends.targetX - start >= width) return { x: (start + ends.targetX) / 2, y: ends.targetY }
  return ends.targetX > start ? { x: ends.sourceX - reach + gap, y: ends.targetY - aboveCard, fromLeft: true } : middle
}

const gap = 4
/** A way in stands 28 px below a card's upper edge, and a label is 20 px high. */
const aboveCard = 42
