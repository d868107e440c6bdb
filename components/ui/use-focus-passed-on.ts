import { type FocusEvent, useRef } from 'react'

/**
 * For a dialog's content. The library takes the focus to the dialog itself when something in it is removed while nothing has the focus, which
 * is also so between one field's blur and the next one's focus: a field that draws itself anew when it is left would never let Tab past.
 * The focus goes on to where it was going.
 */
export function useFocusPassedOn() {
  const next = useRef<HTMLElement | null>(null)
  return {
    onBlurCapture: (event: FocusEvent<HTMLElement>) => {
      next.current = event.relatedTarget instanceof HTMLElement ? event.relatedTarget : null
    },
    onFocusCapture: (event: FocusEvent<HTMLElement>) => {
      const going = next.current
      next.current = null
      if (event.target === event.currentTarget && going && going !== event.target && event.currentTarget.contains(going)) going.focus()
    },
  }
}
