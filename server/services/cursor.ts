import { ServiceError } from '@/server/services/service-error'

/** Where the next page starts: opaque outside, plain texts inside. */
export function writeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

export function readCursor(cursor: string, length: number): string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(parts) && parts.length === length && parts.every((part) => typeof part === 'string')) return parts as string[]
  } catch {
    // Said below, like every other wrong cursor.
  }
  throw new ServiceError('BAD_REQUEST', 'This cursor is not one of ours.', { pointer: '/cursor', hint: 'Start again without a cursor.' })
}

/** A cursor that is a uuid, as pages ordered by id use. */
export function readIdCursor(cursor: string): string {
  const [uuid = ''] = readCursor(cursor, 1)
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) return uuid
  throw new ServiceError('BAD_REQUEST', 'This cursor is not one of ours.', { pointer: '/cursor', hint: 'Start again without a cursor.' })
}

/** Cuts one row more than asked for into a page. */
export function pageFrom<Item>(
  items: Item[],
  limit: number,
  cursorOf: (item: Item) => string,
): { items: Item[]; nextCursor: string | null } {
  const page = items.slice(0, limit)
  const last = page.at(-1)
  return { items: page, nextCursor: items.length > limit && last ? cursorOf(last) : null }
}
