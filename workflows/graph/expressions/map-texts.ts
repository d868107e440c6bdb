import type { Json } from '../schema'

/** The same value with every text inside it changed; unchanged parts are the same objects. For `toShown` and `toStored` on params. */
export function mapTexts<T extends Json>(value: T, change: (text: string) => string): T
export function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) {
    const items = value.map((item) => mapTexts(item, change))
    return items.every((item, index) => item === value[index]) ? value : items
  }
  const entries = Object.entries(value).map(([key, field]) => [key, mapTexts(field, change)] as const)
  return entries.every(([key, field]) => field === value[key]) ? value : Object.fromEntries(entries)
}
