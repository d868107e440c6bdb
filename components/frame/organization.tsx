'use client'

import { useQuery } from '@tanstack/react-query'
import { usePathname, useRouter } from 'next/navigation'
import { createContext, type ReactNode, Suspense, useContext, useEffect, useMemo } from 'react'
import { ApiProvider } from '@/components/api/api-provider'
import { isUnauthorized } from '@/components/api/problem'
import { useSessionGate } from '@/components/api/session-gate'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { ErrorState } from '@/components/ui/error-state'
import { loadLater } from '@/components/ui/later'
import { TimeZoneProvider } from '@/components/ui/time-zone'
import { AskAhead } from './ask-ahead'
import { FrameSkeleton } from './frame-skeleton'
import { ProfileLocale } from './profile-locale'

const NoSuchOrganization = loadLater(() => import('./no-such-organization').then((module) => module.NoSuchOrganization))

type Mine = Outputs['organizations']['mine']['items'][number]

export type CurrentOrganization = Outputs['organizations']['get'] & {
  projects: Mine['projects']
  /** Every organization of this person, for the switcher. */
  mine: Mine[]
  can: (permission: string) => boolean
  /** `/o/<slug>` and what is below it. */
  path: (below?: string) => string
}

const OrganizationContext = createContext<CurrentOrganization | null>(null)

/** The organization of the page: who I am in it, what I may do, its currency and zone. */
export function useOrganization() {
  const organization = useContext(OrganizationContext)
  if (!organization) throw new Error('useOrganization stands outside /o/[organization]')
  return organization
}

/** The currency of what is shown; null where a picture stands outside any organization. */
export const useCurrency = () => useContext(OrganizationContext)?.currency ?? null

const ReloadContext = createContext<() => Promise<unknown>>(async () => undefined)

/** Loads the person's organizations and their projects again: they are asked for above the organization's own API. */
export const useReloadOrganizations = () => useContext(ReloadContext)

/** Finds the organization by its slug, signs in whoever is not, and gives everything below an API that names it. */
export function OrganizationGate({ slug, hasSession, children }: { slug: string; hasSession: boolean; children: ReactNode }) {
  const trpc = useTRPC()
  const mine = useQuery(trpc.organizations.mine.queryOptions(undefined, { staleTime: 60_000, enabled: hasSession }))
  const signedOut = !hasSession || isUnauthorized(mine.error)
  useSignInWhen(signedOut)
  const markSignedIn = useSessionGate((state) => state.markSignedIn)
  const loaded = mine.isSuccess
  useEffect(() => {
    if (loaded) markSignedIn()
  }, [loaded, markSignedIn])

  if (signedOut) return <FrameSkeleton />
  if (mine.isError) return <ErrorState alone error={mine.error} onRetry={() => mine.refetch()} />
  const found = mine.data?.items.find((one) => one.slug === slug)
  if (mine.data && !found)
    return (
      <Suspense fallback={<FrameSkeleton />}>
        <NoSuchOrganization others={mine.data.items} />
      </Suspense>
    )
  // What is below asks by the slug until the id is known, and need not wait for it.
  return (
    <ReloadContext value={mine.refetch}>
      <ApiProvider key={slug} organizationId={found?.id ?? slug}>
        <AskAhead />
        <OrganizationProvider found={found} mine={mine.data?.items ?? none}>
          <ProfileLocale />
          {children}
        </OrganizationProvider>
      </ApiProvider>
    </ReloadContext>
  )
}

const none: Mine[] = []

function OrganizationProvider({ found, mine, children }: { found: Mine | undefined; mine: Mine[]; children: ReactNode }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.organizations.get.queryOptions())
  const data = query.data
  const value = useMemo<CurrentOrganization | null>(() => {
    if (!data || !found) return null
    const permissions = new Set<string>(data.me.permissions)
    return {
      ...data,
      projects: found.projects,
      mine,
      can: (permission) => permissions.has(permission),
      path: (below = '') => `/o/${data.slug}${below}`,
    }
  }, [data, found, mine])
  if (query.isError && !value && found) return <ErrorState alone error={query.error} onRetry={() => query.refetch()} />
  if (!value) return <FrameSkeleton />
  return (
    <OrganizationContext value={value}>
      <TimeZoneProvider timeZone={value.timeZone}>{children}</TimeZoneProvider>
    </OrganizationContext>
  )
}

function useSignInWhen(signedOut: boolean) {
  const router = useRouter()
  const pathname = usePathname()
  useEffect(() => {
    if (signedOut) router.replace(`/signin?next=${encodeURIComponent(pathname + window.location.search)}`)
  }, [signedOut, router, pathname])
}
