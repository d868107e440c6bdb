import type { Json } from '@/workflows/graph/schema'

const prefix = 'millrace:other-value:'

/** Keeps what a field held in one mode while it shows the other; for this visit, also across a reload. */
export function remember(place: string, mode: string, value: Json | undefined): void {
  try {
    if (value === undefined) sessionStorage.removeItem(`${prefix}${place}/${mode}`)
    else sessionStorage.setItem(`${prefix}${place}/${mode}`, JSON.stringify(value))
  } catch {
    // Storage is full or forbidden: the switch then starts empty.
  }
}

export function recall(place: string, mode: string): Json | undefined {
  try {
    const kept = sessionStorage.getItem(`${prefix}${place}/${mode}`)
    return kept === null ? undefined : (JSON.parse(kept) as Json)
  } catch {
    return undefined
  }
}
