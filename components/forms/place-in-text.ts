import { parseTemplate } from '@/workflows/graph/expressions'

/** The place in the text under the pointer, read off the pills painted over it; null where there are none. */
export function placeAt(area: HTMLTextAreaElement, point: { clientX: number; clientY: number }): number | null {
  const paint = area.parentElement?.querySelector('[data-paint]')
  if (!paint?.querySelector('[data-end]')) return null
  for (const part of paint.querySelectorAll<HTMLElement>('[data-end], [data-from]')) {
    const box = [...part.getClientRects()].find(
      (one) => point.clientX <= one.right && point.clientY >= one.top - 4 && point.clientY <= one.bottom + 4,
    )
    if (!box) continue
    if (part.dataset.end) return Number(part.dataset.end)
    return Number(part.dataset.from) + lettersBefore(part, point.clientX, point.clientY)
  }
  return area.value.length
}

function lettersBefore(part: HTMLElement, x: number, y: number): number {
  const letters = part.firstChild
  if (!letters) return 0
  const range = document.createRange()
  const length = letters.textContent?.length ?? 0
  for (let at = 0; at < length; at++) {
    range.setStart(letters, at)
    range.setEnd(letters, at + 1)
    const box = range.getBoundingClientRect()
    if (y <= box.bottom && x < (box.left + box.right) / 2) return at
  }
  return length
}

/** The plain path in which the caret stands, such as `input.total`. */
export function pathAt(text: string, caret: number): string | null {
  const part = parseTemplate(text).find((one) => one.kind === 'expression' && one.openStart < caret && caret <= one.closeEnd)
  return part?.kind === 'expression' ? part.source.trim() : null
}

/** Where a dropped value goes: under the pointer, beside a pill and never into it. */
export function placeOfDrop(area: HTMLTextAreaElement, point: { clientX: number; clientY: number }): number {
  if (area.value.trim() === '') return 0
  const beside = placeAt(area, point)
  const at = beside ?? document.caretPositionFromPoint?.(point.clientX, point.clientY)?.offset ?? area.value.length
  const inside = parseTemplate(area.value).find((part) => part.kind !== 'text' && part.openStart < at && at < part.closeEnd)
  return inside && inside.kind !== 'text' ? inside.closeEnd : at
}
