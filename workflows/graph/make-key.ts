import { forbiddenKeys } from './schema'

const maxLength = 60

/** A readable key that none of `taken` has: "Fetch customer" becomes `fetch_customer`, the next one `fetch_customer_2`. */
export function makeKey(title: string, taken: Iterable<string> = []): string {
  const used = new Set<string>([...taken, ...forbiddenKeys])
  const base = keyFromTitle(title)
  if (!used.has(base)) return base
  const stem = base.replace(/_\d+$/, '')
  for (let number = 2; ; number++) {
    const suffix = `_${number}`
    const key = stem.slice(0, maxLength - suffix.length) + suffix
    if (!used.has(key)) return key
  }
}

function keyFromTitle(title: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  const named = /^[a-z]/.test(words) ? words : words === '' ? 'step' : `step_${words}`
  return named.slice(0, maxLength).replace(/_+$/, '')
}
