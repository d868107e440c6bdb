import { readdir } from 'node:fs/promises'
import path from 'node:path'

export const defaultLocale = 'en'
/** Holds what the person chose in the profile, so that pages know it before they know who is there. */
export const localeCookie = 'millrace-locale'

export const messagesFolder = path.join(process.cwd(), 'messages')

/** Every language that has a folder in `messages`. */
export async function availableLocales(): Promise<string[]> {
  const entries = await readdir(messagesFolder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

/** What was chosen, else the first language the browser asks for that is there. `de-CH` finds `de`. */
export function chooseLocale(available: readonly string[], chosen: string | undefined, acceptLanguage: string | null): string {
  const asked = (acceptLanguage ?? '')
    .split(',')
    .map((one) => {
      const [tag = '', ...parameters] = one.trim().split(';')
      const quality = Number(parameters.find((parameter) => parameter.trim().startsWith('q='))?.split('=')[1] ?? 1)
      return { tag, quality: Number.isFinite(quality) ? quality : 0 }
    })
    .filter(({ tag, quality }) => tag !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
  for (const tag of chosen ? [chosen, ...asked] : asked) {
    const lower = tag.toLowerCase()
    const found = available.find((one) => one.toLowerCase() === lower) ?? available.find((one) => one === lower.split('-')[0])
    if (found) return found
  }
  return defaultLocale
}

/** Which way its script is written. */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  return ['ar', 'fa', 'he', 'ps', 'ur', 'yi'].includes(locale.toLowerCase().split('-')[0] ?? '') ? 'rtl' : 'ltr'
}
