import { type ReactNode, Suspense } from 'react'
import { Frame } from '@/components/frame/frame'
import { FrameSkeleton } from '@/components/frame/frame-skeleton'
import { OrganizationGate } from '@/components/frame/organization'

export default async function OrganizationLayout({ children, params }: { children: ReactNode; params: Promise<{ organization: string }> }) {
  const { organization } = await params
  return (
    <Suspense fallback={<FrameSkeleton />}>
      <OrganizationGate slug={organization}>
        <Frame>{children}</Frame>
      </OrganizationGate>
    </Suspense>
  )
}
