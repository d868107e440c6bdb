/**
 * Where focus goes when a panel opens: the field that asks for it, else the first one that is no aside (`data-aside`), else what is marked
 * (`data-first-focus`), else the panel itself; never its close button.
 */
export function focusFirst(event: Event, panel: HTMLElement | null) {
  event.preventDefault()
  if (!panel || panel.contains(document.activeElement)) return
  const fields = panel.querySelectorAll<HTMLElement>('[data-body] :is(input:not([type=file]), textarea, [role=combobox]):not(:disabled)')
  const field = [...fields].find((one) => !one.closest('[data-aside]'))
  ;(field ?? panel.querySelector<HTMLElement>('[data-first-focus]:not(:disabled)') ?? panel).focus()
}
