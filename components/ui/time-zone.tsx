'use client'

import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'

const TimeZoneContext = createContext<string | undefined>(undefined)

/** The viewer's time zone for everything below; without one the browser's own is used. */
export function TimeZoneProvider({ timeZone, children }: { timeZone?: string; children: ReactNode }) {
  return <TimeZoneContext value={timeZone}>{children}</TimeZoneContext>
}

export const useTimeZone = () => useContext(TimeZoneContext)

type Clock = { now: number; subscribe: (listener: () => void) => () => void; read: () => number }

const clocks = new Map<number, Clock>()

/** The time, ticking every `everyMs`; one timer serves every component on the page. */
export function useNow(everyMs = 1000) {
  const clock = clockOf(everyMs)
  return useSyncExternalStore(clock.subscribe, clock.read, clock.read)
}

function clockOf(everyMs: number): Clock {
  const known = clocks.get(everyMs)
  if (known) return known
  const listeners = new Set<() => void>()
  let timer: ReturnType<typeof setInterval> | null = null
  const clock: Clock = {
    now: Date.now(),
    read: () => clock.now,
    subscribe: (listener) => {
      if (listeners.size === 0) {
        clock.now = Date.now()
        timer = setInterval(() => {
          clock.now = Date.now()
          for (const notify of listeners) notify()
        }, everyMs)
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0 || !timer) return
        clearInterval(timer)
        timer = null
      }
    },
  }
  clocks.set(everyMs, clock)
  return clock
}
