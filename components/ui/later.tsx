'use client'

import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { whenQuiet } from './when-idle'

/** How long a page is left alone before what it may need next is fetched. */
export const restMs = 2_500

/**
 * A component whose code comes when it is first drawn. While the browser is offline it is waited for; a page that goes on without it is
 * better than one that stops.
 */
export function loadLater<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async () => ({ default: await whenOnline(load) }))
}

/** Tries until it is there; while the browser is offline it waits. */
export async function whenOnline<Value>(load: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await load()
    } catch (error) {
      if (navigator.onLine && tries >= mostTries) throw error
      await new Promise((resolve) => {
        setTimeout(resolve, againMs)
        window.addEventListener('online', resolve, { once: true })
      })
    }
  }
}

const mostTries = 4
const againMs = 2_000

/** Draws its children as soon as they are wanted, else once the page has come to rest; from then on they stay. For what is loaded lazily. */
export function Later({ wanted, afterMs = restMs, children }: { wanted: boolean; afterMs?: number; children: ReactNode }) {
  const [here, setHere] = useState(wanted)
  if (wanted && !here) setHere(true)
  useEffect(() => whenQuiet(() => setHere(true), afterMs), [afterMs])
  return here ? <Suspense fallback={null}>{children}</Suspense> : null
}
