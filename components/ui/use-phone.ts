import { useSyncExternalStore } from 'react'

/** As the `phone` variant of `app/globals.css`. */
const narrow = '(width < 768px)'

/** Whether the screen is a phone's, where a table is drawn as a list. */
export function usePhone(): boolean {
  return useSyncExternalStore(subscribe, isPhone, () => false)
}

function isPhone() {
  return window.matchMedia?.(narrow).matches ?? false
}

function subscribe(onChange: () => void) {
  const query = window.matchMedia?.(narrow)
  query?.addEventListener('change', onChange)
  return () => query?.removeEventListener('change', onChange)
}
