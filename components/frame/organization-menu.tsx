'use client'

import { Check, FolderPlus, Plus } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { type ReactElement, type ReactNode, useState } from 'react'
import { Badge } from '@/components/ui/badge'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
  menuItemStyle,
} from '@/components/ui/dropdown-menu'
import { NewOrganizationDialog } from './new-organization-dialog'
import { NewProjectDialog } from './new-project-dialog'
import { useOrganization } from './organization'
import { useProject } from './use-project'

export function OrganizationMenu({ children }: { children: ReactElement }) {
  const t = useTranslations('frame')
  const organization = useOrganization()
  const { project, setProject } = useProject()
  const [making, setMaking] = useState<'organization' | 'project' | null>(null)
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>{children}</DropdownMenuTrigger>
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

function Choice({ chosen, onSelect, children }: { chosen: boolean; onSelect: () => void; children: ReactNode }) {
  return (
    <DropdownMenuItem
      onSelect={onSelect}
      icon={<span className="flex size-3.5 items-center justify-center">{chosen && <Check className="text-accent-text!" />}</span>}
    >
      {children}
    </DropdownMenuItem>
  )
}
