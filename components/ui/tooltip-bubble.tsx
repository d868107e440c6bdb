'use client'

import { Tooltip as Radix } from 'radix-ui'
import { type ReactNode, useEffect, useId, useState } from 'react'
import { createPortal } from 'react-dom'
import { Kbd } from './kbd'

export type Side = 'top' | 'right' | 'bottom' | 'left'

interface Props {
  anchor: HTMLElement
  content: ReactNode
  shortcut?: string | undefined
  side: Side
  /** The pointer may go on to the bubble and read there. */
  onStay: () => void
  onClose: () => void
}

/** Stands beside `anchor` and is read out as its description. */
export default function TooltipBubble({ anchor, content, shortcut, side, onStay, onClose }: Props) {
  const [box] = useState(() => anchor.getBoundingClientRect())
  const id = useId()
  useEffect(() => {
    const before = anchor.getAttribute('aria-describedby')
    anchor.setAttribute('aria-describedby', [before, id].filter(Boolean).join(' '))
    return () => {
      if (before === null) anchor.removeAttribute('aria-describedby')
      else anchor.setAttribute('aria-describedby', before)
    }
  }, [anchor, id])
  useEffect(() => {
    window.addEventListener('scroll', onClose, true)
    return () => window.removeEventListener('scroll', onClose, true)
  }, [onClose])
  return (
    <Radix.Provider>
      <Radix.Root open onOpenChange={(open) => !open && onClose()}>
        {createPortal(
          <Radix.Trigger asChild>
            <span
              aria-hidden
              className="pointer-events-none fixed"
              style={{ left: box.left, top: box.top, width: box.width, height: box.height }}
            />
          </Radix.Trigger>,
          document.body,
        )}
        <Radix.Portal>
          <Radix.Content
            // What is drawn is read by its id; the library's own copy for readers then holds no second one.
            aria-label={typeof content === 'string' ? content : undefined}
            side={side}
            sideOffset={6}
            collisionPadding={8}
            onPointerEnter={onStay}
            onPointerLeave={onClose}
            className="z-60 flex max-w-72 items-center gap-2 rounded-md border bg-raised px-2 py-1 text-12 text-text shadow-3 animate-in fade-in-0 duration-(--fast)"
          >
            <span id={id}>{content}</span>
            {shortcut && <Kbd>{shortcut}</Kbd>}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  )
}
