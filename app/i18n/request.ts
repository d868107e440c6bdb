import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { getRequestConfig } from 'next-intl/server'
import { compileMessages } from './compile-messages'

export const defaultLocale = 'en'

let cached: Promise<Record<string, unknown>> | null = null

export default getRequestConfig(async () => {
  if (process.env.NODE_ENV !== 'production') cached = null
  cached ??= readMessages(defaultLocale)
  return { locale: defaultLocale, messages: await cached, timeZone: 'UTC' }
})

/** One namespace for each file of `messages/<locale>`, named after the file. */
async function readMessages(locale: string) {
  const folder = path.join(process.cwd(), 'messages', locale)
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort()
  const entries = await Promise.all(
    files.map(
      async (file) => [path.basename(file, '.json'), compileMessages(JSON.parse(await readFile(path.join(folder, file), 'utf8')))] as const,
    ),
  )
  return Object.fromEntries(entries)
}
