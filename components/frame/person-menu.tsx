'use client'

import { LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useTheme } from 'next-themes'
import type { ReactElement } from 'react'
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

export function PersonMenu({ children, folded }: { children: ReactElement; folded?: boolean | undefined }) {
  const t = useTranslations('frame')
  const words = useTranslations('ui')
  const { me, path } = useOrganization()
  const { theme, setTheme } = useTheme()
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>{children}</DropdownMenuTrigger>
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
