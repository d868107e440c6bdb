'use client'

import { Direction } from 'radix-ui'
import type { ReactNode } from 'react'

/** Tells tabs, menus and switches which way the page is written: their arrow keys go the way that they look. */
export function DirectionOfPage({ dir, children }: { dir: 'ltr' | 'rtl'; children: ReactNode }) {
  return <Direction.Provider dir={dir}>{children}</Direction.Provider>
}
