'use client'

import { ChevronsUpDown } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { cn } from '@/components/ui/cn'
import { Logo } from '@/components/ui/logo'
import { menuLater } from '@/components/ui/menu-later'
import { useOrganization } from './organization'
import { useProject } from './use-project'

const OrganizationMenu = menuLater(() => import('./organization-menu').then((module) => module.OrganizationMenu))

export function OrganizationSwitcher({ folded }: { folded?: boolean }) {
  const t = useTranslations('frame')
  const organization = useOrganization()
  const { project } = useProject()
  return (
    <OrganizationMenu>
      <button
        type="button"
        aria-label={t('switcher', { name: organization.name })}
        className={cn(
          'focus-inset flex shrink-0 items-center gap-2 rounded-md text-left font-medium transition-colors hover:bg-hover data-[state=open]:bg-hover',
          folded ? 'mb-3 h-8 justify-center' : 'h-10 px-2',
        )}
      >
        <Logo />
        {!folded && (
          <>
            <span className="min-w-0 flex-1 truncate">
              {organization.name}
              {project && <span className="font-normal text-text-3"> / {project.name}</span>}
            </span>
            <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-text-3" />
          </>
        )}
      </button>
    </OrganizationMenu>
  )
}
