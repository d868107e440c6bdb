import { customType, timestamp } from 'drizzle-orm/pg-core'
import { fromUuid, type IdPrefix, toUuid } from '@/db/ids'

/** A UUIDv7 in Postgres, `run_<32 hex>` everywhere else. */
export function id<Prefix extends IdPrefix>(prefix: Prefix, name?: string) {
  const type = customType<{ data: string; driverData: string }>({
    dataType: () => 'uuid',
    toDriver: (value) => toUuid(value, prefix),
    fromDriver: (value) => fromUuid(prefix, value),
  })
  return name ? type(name) : type()
}

export const at = (name?: string) =>
  name ? timestamp(name, { withTimezone: true, mode: 'date' }) : timestamp({ withTimezone: true, mode: 'date' })
export const createdAt = () => at().notNull().defaultNow()

export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })

/**
 * The driver parses JSON already; Drizzle's own column would parse a text value a second time and turn "12" into 12.
 */
export const jsonb = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (value) => JSON.stringify(value),
})
