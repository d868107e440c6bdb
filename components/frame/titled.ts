import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

/** The browser's title of a page, from its messages. */
export function titled(namespace: string, key = 'title') {
  return async (): Promise<Metadata> => {
    const t = await getTranslations(namespace)
    return { title: t(key) }
  }
}
