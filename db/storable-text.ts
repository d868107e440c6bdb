/** What Postgres cannot hold in a jsonb: NUL and halves of surrogate pairs, as JSON writes them. */
export const unstorable = /\\u0000|\\ud[89a-f]/i

/** JSON of a value as Postgres can hold it: such characters are replaced, in names of fields too. */
export function storableText(value: unknown): string {
  const plain = JSON.stringify(value ?? null)
  return unstorable.test(plain) ? JSON.stringify(replaced(plain)) : plain
}

/** The value itself where Postgres can hold it. */
export function clean<T>(value: T): T {
  if (value === undefined) return value
  const plain = JSON.stringify(value)
  return unstorable.test(plain) ? (replaced(plain) as T) : value
}

/** A text as Postgres can hold it. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd')
}

function replaced(json: string): unknown {
  return JSON.parse(json, (_key, child: unknown) => {
    if (typeof child === 'string') return storable(child)
    if (typeof child !== 'object' || child === null || Array.isArray(child)) return child
    return Object.fromEntries(Object.entries(child).map(([name, inner]) => [storable(name), inner]))
  })
}
