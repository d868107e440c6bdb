'use client'

import { Slot } from 'radix-ui'
import { type PointerEvent, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { loadLater } from './later'
import type { Side } from './tooltip-bubble'

const TooltipBubble = loadLater(() => import('./tooltip-bubble').then((module) => module.default))

const delayMs = 350
/** Who just read one tooltip gets the next at once. */
const goOnMs = 200
/** Long enough for the pointer to reach the bubble. */
const graceMs = 120
/** There is one at a time. */
let shown: { close: () => void } | null = null
let closedAt = 0

/** Words beside what the pointer rests on or the keyboard stands on. How they are drawn comes with the first of them. */
export function Tooltip({
  content,
  shortcut,
  side = 'top',
  children,
}: {
  content: ReactNode
  shortcut?: string
  side?: Side
  children: ReactNode
}) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const [own] = useState<{ close: () => void }>(() => ({ close: () => undefined }))
  const close = useCallback(() => {
    clearTimeout(timer.current)
    if (shown === own) {
      shown = null
      closedAt = Date.now()
    }
    setAnchor(null)
  }, [own])
  own.close = close
  useEffect(() => close, [close])
  if (!content) return children

  const open = (target: HTMLElement, ms: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      if (!target.isConnected) return
      if (shown !== own) shown?.close()
      shown = own
      setAnchor(target)
    }, ms)
  }
  const leave = () => {
    clearTimeout(timer.current)
    if (anchor) timer.current = setTimeout(close, graceMs)
  }
  return (
    <>
      <Slot.Root
        onPointerEnter={(event: PointerEvent<HTMLElement>) => {
          if (event.pointerType === 'touch') return
          open(event.currentTarget, shown || Date.now() - closedAt < goOnMs ? 0 : delayMs)
        }}
        onPointerLeave={leave}
        onPointerDown={close}
        onClick={close}
        onFocus={(event) => event.currentTarget.matches(':focus-visible') && open(event.currentTarget, 0)}
        onBlur={close}
      >
        {children}
      </Slot.Root>
      {anchor && (
        <Suspense fallback={null}>
          <TooltipBubble
            anchor={anchor}
            content={content}
            shortcut={shortcut}
            side={side}
            onStay={() => clearTimeout(timer.current)}
            onClose={close}
          />
        </Suspense>
      )}
    </>
  )
}
