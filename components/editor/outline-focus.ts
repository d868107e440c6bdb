/** Puts the focus on a node's line in the outline once it is drawn; without an id on the line that is chosen. */
export function focusOutline(id?: string) {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const line = id && document.querySelector<HTMLElement>(`[data-outline="${CSS.escape(id)}"]`)
      const target =
        line ||
        document.querySelector<HTMLElement>('[data-outline][tabindex="0"]') ||
        document.querySelector<HTMLElement>('[data-outline-add]')
      target?.focus()
    }),
  )
}
