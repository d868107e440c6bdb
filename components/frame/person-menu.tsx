'use client'

import { LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useTheme } from 'next-themes'
import { Avatar } from '@/components/ui/avatar'
import { cn } from '@/components/ui/cn'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
  menuItemStyle,
} from '@/components/ui/dropdown-menu'
import { useOrganization } from './organization'

const themes = [
  { value: 'light', icon: Sun },
  { value: 'dark', icon: Moon },
  { value: 'system', icon: Monitor },
] as const

export function PersonMenu({ folded }: { folded?: boolean }) {
  const t = useTranslations('frame')
  const words = useTranslations('common')
  const { me, path } = useOrganization()
  const { theme, setTheme } = useTheme()
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        className={cn(
          'focus-inset flex h-8 shrink-0 items-center gap-2 rounded-md text-left font-[450] text-text-2 transition-colors hover:bg-hover hover:text-text data-[state=open]:bg-hover phone:h-11',
          folded ? 'justify-center' : 'pr-2 pl-1',
        )}
      >
        <Avatar name={me.user.name} />
        <span className={folded ? 'sr-only' : 'min-w-0 flex-1 truncate'}>{me.user.name}</span>
        <span className="sr-only">{t('person.label')}</span>
      </DropdownMenuTrigger>
      <DropdownMenuContent side={folded ? 'right' : 'top'} align="end" className="w-56">
        <DropdownMenuLabel className="font-normal">
          <span className="block truncate text-13 font-medium text-text">{me.user.name}</span>
          <span className="block truncate">{[me.user.email, words(`role.${me.role}`)].filter(Boolean).join(' · ')}</span>
        </DropdownMenuLabel>
        <DropdownMenuSeparator />
        <DropdownMenuItem asChild>
          <Link href={path('/settings?tab=account')} className={menuItemStyle}>
            <UserRound />
            {t('person.account')}
          </Link>
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuLabel>{t('person.theme')}</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={theme} onValueChange={setTheme}>
          {themes.map(({ value, icon: Icon }) => (
            <DropdownMenuRadioItem key={value} value={value}>
              <span className="flex items-center gap-2">
                <Icon />
                {t(`person.${value}`)}
              </span>
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuItem icon={<LogOut />} onSelect={() => void signOut()}>
          {t('person.signOut')}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}

async function signOut() {
  const auth = await import('next-auth/react')
  await auth.signOut({ callbackUrl: '/signin' })
}
