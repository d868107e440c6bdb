'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Select } from '@/components/ui/select'
import type { Member } from './member'
import { type Role, rolesBelow } from './roles'

/** A role of one's own in each project; without one the organization's holds. */
export function PersonRolesDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useTranslations('people')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { projects, me } = useOrganization()
  const setRole = useMutation(
    trpc.projects.setRole.mutationOptions({ onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.people.pathKey() }) }),
  )
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('projectRolesOf', { name: member.name })}
      description={t('projectRolesDescription')}
      footer={<Button onClick={onClose}>{words('done')}</Button>}
    >
      <ul>
        {projects.map((project) => (
          <li key={project.id} className="flex h-12 items-center gap-4 border-b last:border-b-0">
            <span className="min-w-0 flex-1 truncate font-medium">{project.name}</span>
            <Select
              className="w-52"
              aria-label={project.name}
              value={member.projectRoles.find((one) => one.projectId === project.id)?.role ?? ''}
              onValueChange={(role) =>
                setRole.mutate({ projectId: project.id, userId: member.userId, role: role === '' ? null : (role as Role) })
              }
              options={[
                { value: '', label: t('asOrganization', { role: words(`role.${member.role}`) }) },
                ...rolesBelow(me.role).map((role) => ({ value: role, label: words(`role.${role}`) })),
              ]}
            />
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
