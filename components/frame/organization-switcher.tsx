'use client'

import { Check, ChevronsUpDown, FolderPlus, Plus } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
  menuItemStyle,
} from '@/components/ui/dropdown-menu'
import { Logo } from '@/components/ui/logo'
import { NewOrganizationDialog } from './new-organization-dialog'
import { NewProjectDialog } from './new-project-dialog'
import { useOrganization } from './organization'
import { useProject } from './use-project'

export function OrganizationSwitcher({ folded }: { folded?: boolean }) {
  const t = useTranslations('frame')
  const organization = useOrganization()
  const { project, setProject } = useProject()
  const [making, setMaking] = useState<'organization' | 'project' | null>(null)
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger
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
        </DropdownMenuTrigger>
        <DropdownMenuContent className="w-60">
          <DropdownMenuLabel>{t('projects')}</DropdownMenuLabel>
          <Choice chosen={!project} onSelect={() => setProject(null)}>
            {t('allProjects')}
          </Choice>
          {organization.projects.map((one) => (
            <Choice key={one.id} chosen={one.id === project?.id} onSelect={() => setProject(one.id)}>
              {one.name}
            </Choice>
          ))}
          {organization.can('settings.edit') && (
            <DropdownMenuItem icon={<FolderPlus />} onSelect={() => setMaking('project')}>
              {t('newProject')}
            </DropdownMenuItem>
          )}
          <DropdownMenuSeparator />
          <DropdownMenuLabel>{t('organizations')}</DropdownMenuLabel>
          {organization.mine.map((one) => (
            <DropdownMenuItem key={one.id} asChild>
              <Link href={`/o/${one.slug}`} className={menuItemStyle}>
                <span className="flex size-3.5 items-center justify-center">
                  {one.id === organization.id && <Check className="text-accent-text!" />}
                </span>
                <span className="min-w-0 flex-1 truncate">{one.name}</span>
                {one.isExamples && <Badge>{t('examples')}</Badge>}
              </Link>
            </DropdownMenuItem>
          ))}
          <DropdownMenuItem icon={<Plus />} onSelect={() => setMaking('organization')}>
            {t('newOrganization')}
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <NewOrganizationDialog open={making === 'organization'} onOpenChange={(open) => setMaking(open ? 'organization' : null)} />
      <NewProjectDialog open={making === 'project'} onOpenChange={(open) => setMaking(open ? 'project' : null)} onCreated={setProject} />
    </>
  )
}

function Choice({ chosen, onSelect, children }: { chosen: boolean; onSelect: () => void; children: React.ReactNode }) {
  return (
    <DropdownMenuItem
      onSelect={onSelect}
      icon={<span className="flex size-3.5 items-center justify-center">{chosen && <Check className="text-accent-text!" />}</span>}
    >
      {children}
    </DropdownMenuItem>
  )
}
