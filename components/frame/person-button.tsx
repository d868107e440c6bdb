'use client'

import { useTranslations } from 'next-intl'
import { Avatar } from '@/components/ui/avatar'
import { cn } from '@/components/ui/cn'
import { menuLater } from '@/components/ui/menu-later'
import { useOrganization } from './organization'

const PersonMenu = menuLater(() => import('./person-menu').then((module) => module.PersonMenu))

/** Who is signed in; the menu has the colours of the screen and the way out. */
export function PersonButton({ folded }: { folded?: boolean }) {
  const t = useTranslations('frame')
  const { me } = useOrganization()
  return (
    <PersonMenu folded={folded}>
      <button
        type="button"
        className={cn(
          'focus-inset flex h-8 shrink-0 items-center gap-2 rounded-md text-left font-[450] text-text-2 transition-colors hover:bg-hover hover:text-text data-[state=open]:bg-hover phone:h-11',
          folded ? 'justify-center' : 'pr-2 pl-1',
        )}
      >
        <Avatar name={me.user.name} />
        <span className={folded ? 'sr-only' : 'min-w-0 flex-1 truncate'}>{me.user.name}</span>
        <span className="sr-only">{t('person.label')}</span>
      </button>
    </PersonMenu>
  )
}
