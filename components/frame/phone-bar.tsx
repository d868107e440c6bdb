'use client'

import { Menu, Search, X } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { Dialog as Radix } from 'radix-ui'
import { useState } from 'react'
import { scrimStyle } from '@/components/ui/dialog'
import { IconButton } from '@/components/ui/icon-button'
import { Logo } from '@/components/ui/logo'
import { useOrganization } from './organization'
import { Rail } from './rail'

/** On a phone the rail comes in from the left. A task brings its own bar. */
export function PhoneBar({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }) {
  const t = useTranslations('frame')
  const words = useTranslations('common')
  const { name } = useOrganization()
  const pathname = usePathname()
  const [open, setOpen] = useState(false)
  const ownBar = /^\/o\/[^/]+\/tasks\/[^/]+/.test(pathname)
  if (ownBar) return <div className="hidden phone:block" />
  return (
    <header className="hidden h-13 items-center gap-1 border-b bg-ground px-2 phone:flex">
      <Radix.Root open={open} onOpenChange={setOpen}>
        <Radix.Trigger asChild>
          <IconButton label={t('menu')} className="size-11">
            <Menu className="size-5" />
          </IconButton>
        </Radix.Trigger>
        <Radix.Portal>
          <Radix.Overlay className={scrimStyle} />
          <Radix.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 left-0 z-50 flex w-70 max-w-[85vw] flex-col bg-ground shadow-3 animate-in fade-in-0 slide-in-from-left-1 duration-(--base) focus:outline-none"
          >
            <Radix.Title className="sr-only">{t('menu')}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label={words('close')} className="absolute top-1 -right-12 size-11 rounded-full bg-raised">
                <X className="size-5" />
              </IconButton>
            </Radix.Close>
            <Rail
              className="h-full border-r"
              onNavigate={() => setOpen(false)}
              onSearch={() => {
                setOpen(false)
                onSearch()
              }}
              onHelp={() => {
                setOpen(false)
                onHelp()
              }}
            />
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
      <span className="flex min-w-0 flex-1 items-center gap-2 font-medium">
        <Logo />
        <span className="truncate">{name}</span>
      </span>
      <IconButton label={t('search')} className="size-11" onClick={onSearch}>
        <Search className="size-5" />
      </IconButton>
    </header>
  )
}
