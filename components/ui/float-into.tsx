'use client'

import { createContext, type ReactNode, useContext } from 'react'

const InPage = createContext(true)

/** What floats from within a dialog stays beside it: the page behind is hidden from assistive technology meanwhile. */
export function OverPage({ children }: { children: ReactNode }) {
  return <InPage value={false}>{children}</InPage>
}

export const useInPage = () => useContext(InPage)

/** Where menus and lists are put: into the page's main landmark, so that whoever walks by landmarks finds them there. */
export function useFloatInto(): HTMLElement | undefined {
  const inPage = useInPage()
  if (!inPage || typeof document === 'undefined') return undefined
  return document.getElementById('content') ?? undefined
}
