import { titled } from '@/components/frame/titled'
import { SetupForm } from '@/components/signin/setup-form'
import { SigninFrame } from '@/components/signin/signin-frame'

export const generateMetadata = titled('signin', 'setup.title')

export default async function SetupPage({ searchParams }: { searchParams: Promise<{ token?: string | string[] }> }) {
  const { token } = await searchParams
  return (
    <SigninFrame>
      <SetupForm token={typeof token === 'string' ? token : ''} />
    </SigninFrame>
  )
}
