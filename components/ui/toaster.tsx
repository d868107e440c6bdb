'use client'

import { type ReactNode, useSyncExternalStore } from 'react'
import type { ExternalToast } from 'sonner'
import { Later, loadLater, whenOnline } from './later'

type Say = (message: ReactNode, how?: ExternalToast) => void

const ToastStack = loadLater(() => loadStack().then((module) => module.ToastStack))

/** Soon after the page, since what has to be said when the network is gone cannot be fetched then; not in the way of the page itself. */
const soonMs = 1_500

/** Where toasts appear. */
export function Toaster() {
  const wanted = useSyncExternalStore(
    (notify) => {
      onWanted.add(notify)
      return () => onWanted.delete(notify)
    },
    () => isWanted,
    () => false,
  )
  return (
    <Later wanted={wanted} afterMs={soonMs}>
      <ToastStack />
    </Later>
  )
}

let isWanted = false
const onWanted = new Set<() => void>()

function loadStack() {
  return import('./toast-stack')
}

/** What is said before the stack is there is shown as soon as it is. */
function say(kind?: 'success' | 'error' | 'warning'): Say {
  return (message, how) => {
    isWanted = true
    for (const notify of onWanted) notify()
    void whenOnline(loadStack).then(({ toast }) => (kind ? toast[kind] : toast)(message, how))
  }
}

export const toast = Object.assign(say(), { success: say('success'), error: say('error'), warning: say('warning') })

/** Says that something was done, with a way back for eight seconds. */
export function toastWithUndo(message: string, undo: { label: string; onUndo: () => void }) {
  toast(message, { duration: 8000, action: { label: undo.label, onClick: undo.onUndo } })
}
