import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Logo } from '@/components/ui/logo'

export default async function NotFound() {
  const t = await getTranslations('frame.page')
  return (
    <main className="grid h-dvh place-items-center bg-surface">
      <EmptyState title={t('notFoundTitle')} description={t('notFoundDescription')} picture={<Logo className="size-8" />}>
        <Button variant="primary" asChild>
          <Link href="/">{t('toHome')}</Link>
        </Button>
      </EmptyState>
    </main>
  )
}
