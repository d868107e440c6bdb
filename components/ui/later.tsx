'use client'

import { type ReactNode, Suspense, useEffect, useState } from 'react'

/** How long a page is left alone before what it may need next is fetched. */
const restMs = 2_500

/** Draws its children as soon as they are wanted, else once the page has come to rest; from then on they stay. For what is loaded lazily. */
export function Later({ wanted, children }: { wanted: boolean; children: ReactNode }) {
  const [here, setHere] = useState(wanted)
  if (wanted && !here) setHere(true)
  useEffect(() => {
    const timer = setTimeout(() => setHere(true), restMs)
    return () => clearTimeout(timer)
  }, [])
  return here ? <Suspense fallback={null}>{children}</Suspense> : null
}
