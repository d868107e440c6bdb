'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { isUnauthorized } from '@/components/api/problem'
import { useTRPC } from '@/components/api/trpc'
import { FrameSkeleton } from '@/components/frame/frame-skeleton'
import { NewOrganizationDialog } from '@/components/frame/new-organization-dialog'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { Logo } from '@/components/ui/logo'

/** Leads to the first organization, to sign-in, or to the setup of a new installation. Whoever brings no session is not asked for one. */
export function Start({ hasSession }: { hasSession: boolean }) {
  const t = useTranslations('signin.start')
  const trpc = useTRPC()
  const router = useRouter()
  const [making, setMaking] = useState(false)
  const mine = useQuery(trpc.organizations.mine.queryOptions(undefined, { retry: 1, enabled: hasSession }))
  const signedOut = !hasSession || isUnauthorized(mine.error)
  const setup = useQuery(trpc.setup.status.queryOptions(undefined, { enabled: signedOut }))
  const organizations = mine.data?.items
  const home = organizations?.find((one) => !one.isExamples) ?? organizations?.[0]
  const target = home ? `/o/${home.slug}` : signedOut && setup.data ? (setup.data.needed ? '/setup' : '/signin') : null
  useEffect(() => {
    if (target) router.replace(target)
  }, [target, router])
  const failed = signedOut ? setup : mine
  if (failed.isError) return <ErrorState error={failed.error} onRetry={() => failed.refetch()} />
  if (organizations?.length === 0) {
    return (
      <main className="grid h-dvh place-items-center bg-surface">
        <EmptyState title={t('none')} description={t('noneDescription')} picture={<Logo className="size-8" />}>
          <Button variant="primary" onClick={() => setMaking(true)}>
            {t('create')}
          </Button>
        </EmptyState>
        <NewOrganizationDialog open={making} onOpenChange={setMaking} />
      </main>
    )
  }
  return <FrameSkeleton />
}
