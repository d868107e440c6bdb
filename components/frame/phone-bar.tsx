'use client'

import { Menu, Search } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { Suspense, useRef, useState } from 'react'
import { IconButton } from '@/components/ui/icon-button'
import { loadLater } from '@/components/ui/later'
import { Logo } from '@/components/ui/logo'
import { useOrganization } from './organization'

const PhoneMenu = loadLater(() => import('./phone-menu').then((module) => module.PhoneMenu))

/** On a phone the rail comes in from the left. A task brings its own bar. */
export function PhoneBar({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }) {
  const t = useTranslations('frame')
  const { name } = useOrganization()
  const pathname = usePathname()
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const ownBar = /^\/o\/[^/]+\/tasks\/[^/]+/.test(pathname)
  if (ownBar) return <div className="hidden phone:block" />
  return (
    <header className="hidden h-13 items-center gap-1 border-b bg-ground px-2 phone:flex">
      <IconButton
        ref={button}
        label={t('menu')}
        aria-haspopup="dialog"
        aria-expanded={open}
        className="size-11"
        onClick={() => setOpen(true)}
      >
        <Menu className="size-5" />
      </IconButton>
      {open && (
        <Suspense fallback={null}>
          <PhoneMenu onClose={() => setOpen(false)} onClosed={() => button.current?.focus()} onSearch={onSearch} onHelp={onHelp} />
        </Suspense>
      )}
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
