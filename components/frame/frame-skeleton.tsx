'use client'

import { useTranslations } from 'next-intl'
import { Skeleton } from '@/components/ui/skeleton'

export function FrameSkeleton() {
  const t = useTranslations('ui')
  return (
    <div className="grid h-dvh grid-cols-[208px_minmax(0,1fr)] phone:grid-cols-1" aria-busy="true">
      <div className="flex flex-col gap-4 border-r bg-ground p-4 phone:hidden">
        <Skeleton className="h-6 w-32" />
        <Skeleton className="h-8" />
        {Array.from({ length: 7 }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
          <Skeleton key={index} className="w-28" />
        ))}
      </div>
      <main className="flex flex-col gap-6 bg-surface p-6">
        <h1 className="sr-only">{t('loading')}</h1>
        <Skeleton className="h-7 w-40" />
        <Skeleton className="h-48 rounded-lg" />
        <Skeleton className="h-48 rounded-lg" />
      </main>
    </div>
  )
}
