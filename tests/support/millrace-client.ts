import { createTRPCClient, httpLink } from '@trpc/client'
import superjson from 'superjson'
import type { AppRouter } from '@/server/api/root'

export type Millrace = ReturnType<typeof millraceClient>

/** The procedures of a running instance, called as a browser that holds `cookie` would. */
export function millraceClient({ url, cookie, organizationId }: { url: string; cookie?: string; organizationId?: string }) {
  const headers = {
    origin: url,
    ...(cookie ? { cookie } : {}),
    ...(organizationId ? { 'x-millrace-organization': organizationId } : {}),
  }
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/api/trpc`, transformer: superjson, headers })] })
}

/** Signs in as the form does; gives the cookie header. */
export async function signIn(url: string, account: { email: string; password: string }): Promise<string> {
  const asked = await fetch(`${url}/api/auth/csrf`)
  const { csrfToken } = (await asked.json()) as { csrfToken: string }
  const answer = await fetch(`${url}/api/auth/callback/credentials`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: url, cookie: cookiesOf(asked) },
    body: new URLSearchParams({ ...account, csrfToken, json: 'true' }),
  })
  const cookie = cookiesOf(answer)
  if (!cookie.includes('millrace.session=')) throw new Error(`${account.email} could not sign in: ${answer.status} ${await answer.text()}`)
  return cookie
}

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}
