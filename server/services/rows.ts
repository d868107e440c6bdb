import type { SQL } from 'drizzle-orm'
import type { Database } from '@/db/client'
import { fromUuid, type IdPrefix } from '@/db/ids'

export type Row = Record<string, unknown>

/** Rows of a statement written by hand, as the driver gives them: times as text, bigints as text. */
export async function rowsOf(db: Database, query: SQL): Promise<Row[]> {
  return [...(await db.execute(query))] as Row[]
}

export function idFrom(prefix: IdPrefix, value: unknown): string {
  return fromUuid(prefix, String(value))
}
export function idOrNull(prefix: IdPrefix, value: unknown): string | null {
  return value === null || value === undefined ? null : fromUuid(prefix, String(value))
}
export function timeFrom(value: unknown): Date {
  return value instanceof Date ? value : new Date(String(value))
}
export function timeOrNull(value: unknown): Date | null {
  return value === null || value === undefined ? null : timeFrom(value)
}
export function numberFrom(value: unknown): number {
  return Number(value ?? 0)
}
export function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value)
}
export function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

/** Whether the statement met this unique index. */
export function brokeUnique(error: unknown, index: string): boolean {
  const { code, constraint_name: constraint, cause } = (error ?? {}) as { code?: string; constraint_name?: string; cause?: unknown }
  if (code === '23505') return constraint === index
  return cause ? brokeUnique(cause, index) : false
}
