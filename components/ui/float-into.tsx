'use client'

import { createContext, type ReactNode, useContext } from 'react'

const InPage = createContext(true)

/** What floats from within a dialog stays beside it: the page behind is hidden from assistive technology meanwhile. */
export function OverPage({ children }: { children: ReactNode }) {
  return <InPage value={false}>{children}</InPage>
}

export const useInPage = () => useContext(InPage)

/** The end of a node's panel, where what belongs to a field floats. It always stands there: a panel whose last child changed would be styled anew. */
export function FloatsOfPanel() {
  return <div data-floats className="contents" />
}

export function floatsOfPanel(): HTMLElement {
  return document.querySelector<HTMLElement>('[data-node-panel] > [data-floats]') ?? document.body
}

/** Where menus and lists are put: into the page's main landmark, so that whoever walks by landmarks finds them there. */
export function useFloatInto(): HTMLElement | undefined {
  const inPage = useInPage()
  if (!inPage || typeof document === 'undefined') return undefined
  return document.getElementById('content') ?? undefined
}
