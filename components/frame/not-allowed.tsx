'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { useOrganization } from './organization'

/** Instead of a page that this person may not open. */
export function NotAllowed() {
  const t = useTranslations('frame.notAllowed')
  const words = useTranslations('ui')
  const { me, name, path } = useOrganization()
  return (
    <EmptyState title={t('title')} description={t('description', { role: words(`role.${me.role}`), organization: name })}>
      <Button asChild>
        <Link href={path()}>{t('home')}</Link>
      </Button>
    </EmptyState>
  )
}
