'use client'

import { CloudOff } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useConnection } from './connection'

/**
 * Says when the page is cut off, over the page: what is being clicked or dragged must not move away. A pause under two seconds is not
 * worth a word.
 */
export function ConnectionBar() {
  const t = useTranslations('ui')
  const online = useSyncExternalStore(
    onOnlineChange,
    () => navigator.onLine,
    () => true,
  )
  const live = useConnection((state) => state.live)
  const unreachable = useConnection((state) => state.unreachable)
  const cut = !online || unreachable ? 'offline' : live === 'connecting' ? 'reconnecting' : null
  const shown = useSettled(cut, 2000)
  if (!shown) return null
  return (
    <div
      role="status"
      className="pointer-events-none absolute inset-x-4 top-15 z-60 mx-auto flex min-h-8 w-fit items-center gap-2 rounded-lg border border-waiting-border bg-waiting-subtle px-4 py-1 text-12 font-medium text-waiting shadow-2"
    >
      <CloudOff aria-hidden className="size-3.5" />
      {t(`connection.${shown}`)}
    </div>
  )
}

function onOnlineChange(listener: () => void) {
  window.addEventListener('online', listener)
  window.addEventListener('offline', listener)
  return () => {
    window.removeEventListener('online', listener)
    window.removeEventListener('offline', listener)
  }
}

/** The value once it has stood for `ms`; going back to null shows at once. */
function useSettled<Value>(value: Value | null, ms: number) {
  const [settled, setSettled] = useState<Value | null>(null)
  useEffect(() => {
    if (value === null) return setSettled(null)
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}
