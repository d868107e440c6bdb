import { titled } from '@/components/frame/titled'
import { InviteForm } from '@/components/signin/invite-form'
import { SigninFrame } from '@/components/signin/signin-frame'

export const generateMetadata = titled('signin', 'invite.title')

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  return (
    <SigninFrame>
      <InviteForm token={token} />
    </SigninFrame>
  )
}
