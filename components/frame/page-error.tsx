'use client'

import { CircleX, RotateCw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'

export function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations('frame.page')
  const words = useTranslations('ui')
  return (
    <div role="alert" className="grid h-full min-h-100 place-items-center bg-surface">
      <EmptyState
        title={t('errorTitle')}
        description={t('errorDescription')}
        picture={<CircleX aria-hidden className="size-4 text-failed-mark" />}
      >
        <Button variant="primary" onClick={reset}>
          <RotateCw />
          {t('retry')}
        </Button>
        <Button asChild>
          <a href="/">{t('toHome')}</a>
        </Button>
        <details className="mt-4 w-full text-left text-12 text-text-3">
          <summary>{words('showDetails')}</summary>
          <p className="mono mt-2 break-words">{error.digest ?? error.message}</p>
        </details>
      </EmptyState>
    </div>
  )
}
