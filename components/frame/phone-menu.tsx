'use client'

import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Dialog as Radix } from 'radix-ui'
import { scrimStyle } from '@/components/ui/dialog'
import { IconButton } from '@/components/ui/icon-button'
import { Rail } from './rail'

/** The rail, over the page. */
export function PhoneMenu({
  onClose,
  onClosed,
  onSearch,
  onHelp,
}: {
  onClose: () => void
  onClosed: () => void
  onSearch: () => void
  onHelp: () => void
}) {
  const t = useTranslations('frame')
  const words = useTranslations('ui')
  const leaveFor = (go: () => void) => () => {
    onClose()
    go()
  }
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={scrimStyle} />
        <Radix.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            onClosed()
          }}
          className="fixed inset-y-0 left-0 z-50 flex w-70 max-w-[85vw] flex-col bg-ground shadow-3 animate-in fade-in-0 slide-in-from-left-1 duration-(--base) focus:outline-none"
        >
          <Radix.Title className="sr-only">{t('menu')}</Radix.Title>
          <Radix.Close asChild>
            <IconButton label={words('close')} className="absolute top-1 -right-12 size-11 rounded-full bg-raised">
              <X className="size-5" />
            </IconButton>
          </Radix.Close>
          <Rail className="h-full border-r" onNavigate={onClose} onSearch={leaveFor(onSearch)} onHelp={leaveFor(onHelp)} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
