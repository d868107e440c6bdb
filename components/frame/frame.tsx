'use client'

import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type ReactNode, Suspense, useEffect, useState } from 'react'
import { ConnectionBar } from '@/components/api/connection-bar'
import { useSessionGate } from '@/components/api/session-gate'
import { useLive } from '@/components/api/use-live'
import { cn } from '@/components/ui/cn'
import { Later, loadLater } from '@/components/ui/later'
import { isTyping } from './is-typing'
import { isFolded, permissionFor } from './navigation'
import { useOrganization, useReloadOrganizations } from './organization'
import { PhoneBar } from './phone-bar'
import { Rail } from './rail'

const CommandPalette = loadLater(() => import('./command-palette').then((module) => module.CommandPalette))
const ShortcutsDialog = loadLater(() => import('./shortcuts-dialog').then((module) => module.ShortcutsDialog))
const NotAllowed = loadLater(() => import('./not-allowed').then((module) => module.NotAllowed))
const SessionExpiredDialog = loadLater(() =>
  import('@/components/api/session-expired-dialog').then((module) => module.SessionExpiredDialog),
)

/** Rail, search, live updates and the dialogs that may stand over any page. */
export function Frame({ children }: { children: ReactNode }) {
  const t = useTranslations('ui')
  const { me, can, path } = useOrganization()
  const pathname = usePathname()
  const folded = isFolded(pathname)
  const needed = permissionFor(pathname, path())
  const [searching, setSearching] = useState(false)
  const [helping, setHelping] = useState(false)
  const expired = useSessionGate((state) => state.expired)
  useLive(useReloadOrganizations())
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault()
        setSearching((now) => !now)
      }
      if (event.key === '?' && !isTyping(event.target) && !event.ctrlKey && !event.metaKey) {
        event.preventDefault()
        setHelping(true)
      }
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  return (
    <>
      <a
        href="#content"
        className="fixed top-2 left-2 z-70 -translate-y-16 rounded-md bg-accent px-3 py-1.5 font-medium text-on-accent focus:translate-y-0"
      >
        {t('skipToContent')}
      </a>
      <div
        className={cn(
          'grid h-dvh grid-rows-[minmax(0,1fr)] phone:grid-cols-1 phone:grid-rows-[auto_minmax(0,1fr)]',
          folded ? 'grid-cols-[48px_minmax(0,1fr)]' : 'grid-cols-[208px_minmax(0,1fr)]',
        )}
      >
        <Rail folded={folded} onSearch={() => setSearching(true)} onHelp={() => setHelping(true)} className="phone:hidden" />
        <PhoneBar onSearch={() => setSearching(true)} onHelp={() => setHelping(true)} />
        <main id="content" tabIndex={-1} className="relative flex min-h-0 min-w-0 flex-col bg-surface focus:outline-none">
          <ConnectionBar />
          {needed && !can(needed) ? (
            <Suspense fallback={null}>
              <NotAllowed />
            </Suspense>
          ) : (
            children
          )}
        </main>
      </div>
      <Later wanted={searching || helping || expired}>
        <CommandPalette open={searching} onOpenChange={setSearching} onHelp={() => setHelping(true)} />
        <ShortcutsDialog open={helping} onOpenChange={setHelping} />
        <SessionExpiredDialog email={me.user.email ?? ''} />
      </Later>
    </>
  )
}
