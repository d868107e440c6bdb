/** The smallest UUIDv7 of a moment: ids from then on are greater, so an index on ids finds a span of time. */
export function firstUuid(moment: Date | number): string {
  const hex = Math.max(0, Number(moment)).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`
}
