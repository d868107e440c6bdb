import { headers } from 'next/headers'
import { type ReactNode, Suspense } from 'react'
import { Frame } from '@/components/frame/frame'
import { FrameSkeleton } from '@/components/frame/frame-skeleton'
import { OrganizationGate } from '@/components/frame/organization'
import { readSessionToken } from '@/server/auth/session-cookie'

export default async function OrganizationLayout({ children, params }: { children: ReactNode; params: Promise<{ organization: string }> }) {
  const { organization } = await params
  return (
    <Suspense fallback={<FrameSkeleton />}>
      <OrganizationGate slug={organization} hasSession={readSessionToken(await headers()) !== null}>
        <Frame>{children}</Frame>
      </OrganizationGate>
    </Suspense>
  )
}
