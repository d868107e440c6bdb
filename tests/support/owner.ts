import type { Page } from '@playwright/test'
import { type Millrace, millraceClient, signIn } from './millrace-client'

export const owner = {
  name: 'Maya Lindgren',
  email: 'maya@northwind.example',
  password: 'copper lantern under seven bridges',
  organization: 'Northwind',
}

export interface Signed {
  cookie: string
  organizationId: string
  slug: string
  api: Millrace
}

/** Signs the owner in, after setting the instance up with the printed link where nobody did yet. */
export async function asOwner(url: string, setupLink = process.env.MILLRACE_SETUP_LINK ?? ''): Promise<Signed> {
  const anybody = millraceClient({ url })
  const needed = async () => (await anybody.setup.status.query()).needed
  if (await needed()) {
    const token = new URL(setupLink).searchParams.get('token') ?? ''
    const { name, email, password, organization: organizationName } = owner
    await anybody.setup.complete
      .mutate({ token, name, email, password, organizationName, examples: 'hand-over' })
      // Another file may have been first.
      .catch(async (error) => {
        if (await needed()) throw error
      })
  }
  const cookie = await signIn(url, owner)
  const { items } = await millraceClient({ url, cookie }).organizations.mine.query()
  const own = items.find((one) => !one.isExamples)
  if (!own) throw new Error('the owner has no organization')
  return { cookie, organizationId: own.id, slug: own.slug, api: millraceClient({ url, cookie, organizationId: own.id }) }
}

/** Puts a session that was made outside into the page's browser. */
export async function giveSession(page: Page, url: string, cookie: string): Promise<void> {
  await page.context().addCookies(
    cookie.split('; ').map((part) => {
      const [name = '', value = ''] = part.split(/=(.*)/)
      return { name, value, url }
    }),
  )
}
