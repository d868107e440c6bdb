'use client'

import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** `⌘` on a Mac, `Ctrl` elsewhere. */
export function useCommandKey() {
  return useSyncExternalStore(
    never,
    () => (/Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl'),
    () => 'Ctrl',
  )
}
