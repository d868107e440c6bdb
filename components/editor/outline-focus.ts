/** The outline's code may have to come first. */
const patienceMs = 5_000

/**
 * Puts the focus on a node's line in the outline once it is drawn; without an id on the line that is chosen. Whoever goes elsewhere
 * meanwhile is left there.
 */
export function focusOutline(id?: string) {
  const until = performance.now() + patienceMs
  const atCall = document.activeElement
  let from: Element | null = null
  const look = () => {
    const now = document.activeElement
    if (now !== from && now !== document.body) return
    const line = id && document.querySelector<HTMLElement>(`[data-outline="${CSS.escape(id)}"]`)
    const target =
      line ||
      document.querySelector<HTMLElement>('[data-outline][tabindex="0"]') ||
      document.querySelector<HTMLElement>('[data-outline-add]')
    if (target) target.focus()
    else if (performance.now() < until) requestAnimationFrame(look)
  }
  // What closes gives the focus back first: to a button, not to another line or a field.
  requestAnimationFrame(() => {
    from = document.activeElement
    if (from === atCall || !from?.matches('[data-outline], input, textarea')) requestAnimationFrame(look)
  })
}
