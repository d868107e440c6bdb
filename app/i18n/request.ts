import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'
import { compileMessages } from './compile-messages'
import { availableLocales, chooseLocale, defaultLocale, localeCookie, messagesFolder } from './locales'
import { sentencesFile } from './read-sentences'

type Messages = { [key: string]: string | Messages }

const cached = new Map<string, Promise<Record<string, unknown>>>()

export default getRequestConfig(async () => {
  const chosen = (await cookies()).get(localeCookie)?.value
  const locale = chooseLocale(await availableLocales(), chosen, (await headers()).get('accept-language'))
  if (process.env.NODE_ENV !== 'production') cached.clear()
  const messages = cached.get(locale) ?? messagesOf(locale)
  cached.set(locale, messages)
  return { locale, messages: await messages, timeZone: 'UTC' }
})

/** What a language does not say yet is said in English. */
async function messagesOf(locale: string): Promise<Record<string, unknown>> {
  const english = await readMessages(defaultLocale)
  const messages = locale === defaultLocale ? english : withFallback(english, await readMessages(locale))
  // The catalogue's words are no messages: nothing is filled into them, and their examples have braces of their own.
  return Object.fromEntries(Object.entries(messages).map(([name, space]) => [name, name === 'nodes' ? space : compileMessages(space)]))
}

export function withFallback(base: Messages, over: Messages): Messages {
  const merged: Messages = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const below = base[key]
    merged[key] = typeof value === 'object' && typeof below === 'object' ? withFallback(below, value) : value
  }
  return merged
}

/** One namespace for each file of `messages/<locale>`, named after the file. */
async function readMessages(locale: string): Promise<Messages> {
  const folder = path.join(messagesFolder, locale)
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json') && file !== sentencesFile).sort()
  const entries = await Promise.all(
    files.map(async (file) => [path.basename(file, '.json'), JSON.parse(await readFile(path.join(folder, file), 'utf8'))] as const),
  )
  return Object.fromEntries(entries)
}
