import { headers } from 'next/headers'
import { Start } from '@/components/signin/start'
import { readSessionToken } from '@/server/auth/session-cookie'

export default async function StartPage() {
  return <Start hasSession={readSessionToken(await headers()) !== null} />
}
