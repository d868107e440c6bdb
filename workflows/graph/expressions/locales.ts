import { ExpressionFailure, type Place, quote } from './failure'
import type { Fields, Value } from './values'

const knownLocales = new Map<string, string>()

/** A language's name checked before anything keeps it: caches elsewhere grow with every name they see. */
export function readLocale(name: string, place?: Place): string {
  const known = knownLocales.get(name)
  if (known !== undefined) return known
  const found = /^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}$/.test(name) ? supported(name.replaceAll('_', '-')) : undefined
  if (found === undefined) {
    throw new ExpressionFailure(
      'locale',
      `${quote(name.slice(0, 40) || ' ')} is no language known here.`,
      place,
      "Use a name such as 'en-US' or 'de'.",
    )
  }
  if (knownLocales.size < 500) knownLocales.set(name, found)
  return found
}

function supported(name: string): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf(name)[0]
  } catch {
    return undefined
  }
}

const formats = new Map<string, Intl.NumberFormat>()

/** The settings of Intl.NumberFormat that change how a number is written, and no others. */
const numberSettings = [
  'style',
  'currency',
  'currencyDisplay',
  'unit',
  'unitDisplay',
  'minimumFractionDigits',
  'maximumFractionDigits',
  'minimumIntegerDigits',
  'maximumSignificantDigits',
  'useGrouping',
  'notation',
  'compactDisplay',
  'signDisplay',
] as const

export function readNumberFormat(locale: string, options: Fields, place: Place): Intl.NumberFormat {
  const chosen: Record<string, Value> = {}
  for (const name of numberSettings) if (Object.hasOwn(options, name) && options[name] !== undefined) chosen[name] = options[name]
  const name = readLocale(locale, place)
  const key = `${name} ${JSON.stringify(chosen)}`
  const known = formats.get(key)
  if (known) return known
  try {
    const made = new Intl.NumberFormat(name, chosen as Intl.NumberFormatOptions)
    if (formats.size < 500) formats.set(key, made)
    return made
  } catch {
    throw new ExpressionFailure(
      'type',
      `${quote(place.source)} is given settings that do not fit together.`,
      place,
      "For example `{ style: 'currency', currency: 'EUR' }` or `{ maximumFractionDigits: 1 }`.",
    )
  }
}
