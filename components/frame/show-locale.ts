import { reloadPage } from './reload-page'

/** The languages that this instance has messages of. */
export function pageLocales(): string[] {
  return (document.documentElement.dataset.locales ?? 'en').split(' ')
}

/** Remembers the language for every page from now on; where this one is in another, it is drawn again. Null leaves it to the browser. */
export function showLocale(locale: string | null): void {
  const known = locale && (pageLocales().find((one) => one === locale) ?? pageLocales().find((one) => one === locale.split('-')[0]))
  if (locale && !known) return
  const before = document.cookie
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not there without https
  document.cookie = known
    ? `millrace-locale=${known}; path=/; max-age=31536000; samesite=lax`
    : 'millrace-locale=; path=/; max-age=0; samesite=lax'
  // A browser that keeps no cookies would be drawn again for ever.
  if (document.cookie !== before && (!known || document.documentElement.lang !== known)) reloadPage()
}
