'use client'

import { useSearchParams } from 'next/navigation'
import { useCallback } from 'react'
import { replaceSearch } from './url-state'

/** What stands open over the page (a drawer, a dialog), kept in the URL so that a link opens it. */
export function useOpenParam(name: string) {
  const value = useSearchParams().get(name)
  const set = useCallback(
    (next: string | null) =>
      replaceSearch((search) => {
        if (next) search.set(name, next)
        else search.delete(name)
      }),
    [name],
  )
  return [value, set] as const
}
