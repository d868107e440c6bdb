import { titled } from '@/components/frame/titled'
import { safeNext } from '@/components/signin/safe-next'
import { SigninForm } from '@/components/signin/signin-form'
import { SigninFrame } from '@/components/signin/signin-frame'

export const generateMetadata = titled('signin')

export default async function SigninPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const { next } = await searchParams
  return (
    <SigninFrame>
      <SigninForm next={safeNext(next)} />
    </SigninFrame>
  )
}
