import type { Meter } from '../meter'
import { isSame } from '../operators'
import { type Fields, isFields, type Value } from '../values'

/** Whether two values hold the same; pays for each part it looks at. */
export function isEqual(left: Value, right: Value, meter: Meter): boolean {
  meter.spend(1)
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length && left.every((item, index) => isEqual(item, right[index], meter))
  }
  if (!isFields(left) || !isFields(right)) return isSame(left, right, meter) || (Number.isNaN(left) && Number.isNaN(right))
  const keys = presentKeys(left)
  meter.spend(keys.length)
  return (
    keys.length === presentKeys(right).length && keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key], right[key], meter))
  )
}

/** A field that is missing and one that is undefined are the same, as in JSON. */
function presentKeys(fields: Fields): string[] {
  return Object.keys(fields).filter((key) => fields[key] !== undefined)
}
