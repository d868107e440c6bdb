'use client'

import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'

const TimeZoneContext = createContext<string | undefined>(undefined)

/** The viewer's time zone for everything below; without one the browser's own is used. */
export function TimeZoneProvider({ timeZone, children }: { timeZone?: string; children: ReactNode }) {
  return <TimeZoneContext value={timeZone}>{children}</TimeZoneContext>
}

export const useTimeZone = () => useContext(TimeZoneContext)

const clocks = new Map<number, { now: number; listeners: Set<() => void>; timer: ReturnType<typeof setInterval> | null }>()

/** The time, ticking every `everyMs`; one timer serves every component on the page. */
export function useNow(everyMs = 1000) {
  return useSyncExternalStore(
    (listener) => {
      const clock = clockOf(everyMs)
      clock.listeners.add(listener)
      clock.now = Date.now()
      clock.timer ??= setInterval(() => {
        clock.now = Date.now()
        for (const notify of clock.listeners) notify()
      }, everyMs)
      return () => {
        clock.listeners.delete(listener)
        if (clock.listeners.size === 0 && clock.timer) {
          clearInterval(clock.timer)
          clock.timer = null
        }
      }
    },
    () => clockOf(everyMs).now,
    () => clockOf(everyMs).now,
  )
}

function clockOf(everyMs: number) {
  let clock = clocks.get(everyMs)
  if (!clock) {
    clock = { now: Date.now(), listeners: new Set(), timer: null }
    clocks.set(everyMs, clock)
  }
  return clock
}
