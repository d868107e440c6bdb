import { type FocusEvent, useRef } from 'react'

/**
 * For a dialog's content. The library takes the focus to the dialog itself when something in it is removed while nothing has the focus, which
 * is also so between one field's blur and the next one's focus: a field that draws itself anew when it is left would never let Tab past.
 * The focus goes on to where it was going, as often as the library does so in one go: once for each thing that is removed.
 */
export function useFocusPassedOn() {
  const next = useRef<HTMLElement | null>(null)
  return {
    onBlurCapture: ({ relatedTarget, currentTarget }: FocusEvent<HTMLElement>) => {
      if (relatedTarget === currentTarget && next.current) return
      const going = relatedTarget instanceof HTMLElement ? relatedTarget : null
      next.current = going
      setTimeout(() => {
        if (next.current === going) next.current = null
      })
    },
    onFocusCapture: ({ target, currentTarget }: FocusEvent<HTMLElement>) => {
      const going = next.current
      if (target === currentTarget && going && going !== target && currentTarget.contains(going)) going.focus()
    },
  }
}
