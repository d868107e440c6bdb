'use client'

import { Slot } from 'radix-ui'
import { type ComponentType, type KeyboardEvent, type PointerEvent, type ReactElement, Suspense, useEffect, useRef, useState } from 'react'
import { loadLater, restMs } from './later'
import { whenQuiet } from './when-idle'

const openingKeys = ['Enter', ' ', 'ArrowDown']

/**
 * A button whose menu comes when it is first pressed; the press then opens it. Fetched beforehand once the page has come to rest. What is
 * loaded draws the whole menu around the button that it is given as `children`.
 */
export function menuLater<Props extends { children: ReactElement }>(load: () => Promise<ComponentType<Props>>) {
  const LoadedMenu = loadLater(load)
  return function MenuLater(props: Props) {
    const button = useRef<HTMLElement>(null)
    const [press, setPress] = useState<Event | null>(null)
    useEffect(() => whenQuiet(() => void load().catch(() => undefined), restMs), [])
    const shut = (
      <Slot.Root
        aria-haspopup="menu"
        aria-expanded={press !== null}
        data-state={press ? 'open' : 'closed'}
        onPointerDown={(event: PointerEvent) => {
          if (event.button === 0 && !event.ctrlKey) setPress(new window.PointerEvent('pointerdown', { bubbles: true, button: 0 }))
        }}
        onKeyDown={(event: KeyboardEvent) => {
          if (!openingKeys.includes(event.key)) return
          event.preventDefault()
          setPress(new window.KeyboardEvent('keydown', { bubbles: true, key: event.key }))
        }}
      >
        {props.children}
      </Slot.Root>
    )
    if (!press) return shut
    return (
      <Suspense fallback={shut}>
        <LoadedMenu {...props}>
          <Slot.Root ref={button}>{props.children}</Slot.Root>
        </LoadedMenu>
        <PressAgain button={button} press={press} />
      </Suspense>
    )
  }
}

/** Stands behind the menu, so that the menu listens by the time its button is pressed. */
function PressAgain({ button, press }: { button: { current: HTMLElement | null }; press: Event }) {
  const done = useRef(false)
  useEffect(() => {
    if (done.current) return
    done.current = true
    button.current?.focus()
    button.current?.dispatchEvent(press)
  }, [button, press])
  return null
}
