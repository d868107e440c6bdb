/** Where focus goes when a panel opens: the field that asks for it, else the first one, else the panel itself; never its close button. */
export function focusFirst(event: Event, panel: HTMLElement | null) {
  event.preventDefault()
  if (!panel || panel.contains(document.activeElement)) return
  const field = panel.querySelector<HTMLElement>('[data-body] :is(input:not([type=file]), textarea, [role=combobox]):not(:disabled)')
  ;(field ?? panel).focus()
}
