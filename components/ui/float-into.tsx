'use client'

import { createContext, type ReactNode, useContext } from 'react'

const InPage = createContext(true)

/** What floats from within a dialog stays beside it: the page behind is hidden from assistive technology meanwhile. */
export function OverPage({ children }: { children: ReactNode }) {
  return <InPage value={false}>{children}</InPage>
}

export const useInPage = () => useContext(InPage)

const floatsId = 'floats-of-panel'

/** The end of a node's panel, where what belongs to a field floats. It always stands there: a panel whose last child changed would be styled anew. */
export function FloatsOfPanel() {
  return <div id={floatsId} className="contents" />
}

export function floatsOfPanel(): HTMLElement {
  // Asked at each letter: an id is found without walking the page.
  return document.getElementById(floatsId) ?? document.body
}

/** Where menus and lists are put: into the page's main landmark, so that whoever walks by landmarks finds them there. */
export function useFloatInto(): HTMLElement | undefined {
  const inPage = useInPage()
  if (!inPage || typeof document === 'undefined') return undefined
  return document.getElementById('content') ?? undefined
}
