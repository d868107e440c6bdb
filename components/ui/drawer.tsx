'use client'

import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useRef } from 'react'
import { cn } from './cn'
import { scrimStyle } from './dialog'
import { focusFirst } from './first-focus'
import { OverPage } from './float-into'
import { IconButton } from './icon-button'
import { useFocusPassedOn } from './use-focus-passed-on'

/** A panel at the right edge, 480 wide; the whole screen on a phone. Without `modal` the page behind stays in use. */
export function Drawer({
  open,
  onOpenChange,
  title,
  actions,
  children,
  footer,
  modal = false,
  className,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  actions?: ReactNode
  children: ReactNode
  footer?: ReactNode
  modal?: boolean
  className?: string
}) {
  const t = useTranslations('ui')
  const panel = useRef<HTMLDivElement>(null)
  const passedOn = useFocusPassedOn()
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange} modal={modal}>
      <Radix.Portal>
        {modal && <Radix.Overlay className={scrimStyle} />}
        <Radix.Content
          ref={panel}
          tabIndex={-1}
          {...passedOn}
          onOpenAutoFocus={(event) => focusFirst(event, panel.current)}
          aria-describedby={undefined}
          onInteractOutside={(event) => !modal && event.preventDefault()}
          className={cn(
            'fixed inset-y-0 right-0 z-40 flex w-full max-w-120 flex-col border-l bg-raised shadow-3 animate-in fade-in-0 slide-in-from-right-1 duration-(--base) focus:outline-none phone:max-w-none phone:border-l-0',
            modal && 'z-50',
            className,
          )}
        >
          <OverPage>
            <div className="flex h-16 shrink-0 items-center gap-2 pr-4 pl-6 phone:pl-4">
              <Radix.Title className="min-w-0 flex-1 truncate text-16 font-semibold">{title}</Radix.Title>
              {actions}
              <Radix.Close asChild>
                <IconButton label={t('close')} className="phone:size-11">
                  <X className="size-4" />
                </IconButton>
              </Radix.Close>
            </div>
            <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
            {footer && <div className="shrink-0 border-t px-6 py-3 phone:px-4">{footer}</div>}
          </OverPage>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
