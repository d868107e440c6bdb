'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Logo } from '@/components/ui/logo'

export function NoSuchOrganization({ others }: { others: { id: string; slug: string; name: string }[] }) {
  const t = useTranslations('frame')
  return (
    <main className="grid h-dvh place-items-center bg-surface">
      <EmptyState
        title={t('noOrganization.title')}
        description={t(others.length > 0 ? 'noOrganization.description' : 'noOrganization.none')}
        picture={<Logo className="size-8" />}
      >
        {others.map((one) => (
          <Button key={one.id} asChild>
            <Link href={`/o/${one.slug}`}>{one.name}</Link>
          </Button>
        ))}
      </EmptyState>
    </main>
  )
}
