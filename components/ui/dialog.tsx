'use client'

import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useRef } from 'react'
import { cn } from './cn'
import { focusFirst } from './first-focus'
import { OverPage } from './float-into'
import { IconButton } from './icon-button'
import { useFocusPassedOn } from './use-focus-passed-on'

export const scrimStyle = 'fixed inset-0 z-50 bg-(--scrim) animate-in fade-in-0 duration-(--base)'

const widths = { sm: 'max-w-100', md: 'max-w-130', lg: 'max-w-180', xl: 'max-w-240' } as const

/** A question or a short form over the page. The main action stands last in `footer`. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  width = 'md',
  dismissible = true,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
  footer?: ReactNode
  width?: keyof typeof widths
  dismissible?: boolean
}) {
  const t = useTranslations('ui')
  const panel = useRef<HTMLDivElement>(null)
  const passedOn = useFocusPassedOn()
  const stay = (event: Event) => !dismissible && event.preventDefault()
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={scrimStyle} />
        <Radix.Content
          ref={panel}
          tabIndex={-1}
          {...passedOn}
          onOpenAutoFocus={(event) => focusFirst(event, panel.current)}
          onEscapeKeyDown={stay}
          onPointerDownOutside={stay}
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={cn(
            'fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-32px)] w-[calc(100vw-32px)] -translate-1/2 flex-col rounded-xl border bg-raised shadow-3 animate-in fade-in-0 slide-in-from-bottom-1 duration-(--base) focus:outline-none',
            widths[width],
          )}
        >
          <div className="flex items-start gap-2 px-6 pt-5 pb-4">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-16 font-semibold">{title}</Radix.Title>
              {description && <Radix.Description className="mt-1 text-text-2">{description}</Radix.Description>}
            </div>
            {dismissible && (
              <Radix.Close asChild>
                <IconButton label={t('close')} className="-mt-1 -mr-2">
                  <X className="size-4" />
                </IconButton>
              </Radix.Close>
            )}
          </div>
          {children && (
            <div data-body className="min-h-0 flex-1 overflow-y-auto px-6 pt-1 pb-5">
              <OverPage>{children}</OverPage>
            </div>
          )}
          {footer && (
            <div className="flex flex-wrap items-center justify-end gap-2 border-t px-6 py-3">
              <OverPage>{footer}</OverPage>
            </div>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
