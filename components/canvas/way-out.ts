import type { useTranslations } from 'next-intl'

type Words = ReturnType<typeof useTranslations<'editor.node'>>

const named = ['true', 'false', 'otherwise', 'approved', 'declined', 'timeout', 'limited', 'superseded'] as const
const parts = ['catch', 'finally'] as const

const isOneOf = <Name extends string>(names: readonly Name[], port: string): port is Name => (names as readonly string[]).includes(port)

/** A way out by the name that it has on screen; one that somebody named has the name they gave it. */
export function wayOut(port: string, t: Words): string {
  if (port === 'main') return t('goesOn')
  if (port === 'error') return t('onError')
  if (isOneOf(named, port)) return t(`port.${port}`)
  return isOneOf(parts, port) ? t(`part.${port}`) : port
}
