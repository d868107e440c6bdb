import { DateTime } from 'luxon'
import { makeDuration, readDuration, readZone } from '../date-arithmetic'
import type { DurationValue, Value } from '../values'
import type { Call } from './define'

export function zoneOf(call: Call): string {
  call.meter.spend(50)
  return call.environment.scope.timeZone === undefined ? 'utc' : readZone(call.environment.scope.timeZone)
}

export function unitOf(call: Call): Value {
  return call.has(1) ? call.text(1) : undefined
}

export function lengthOf(call: Call): DurationValue {
  call.meter.spend(50)
  return makeDuration(readDuration(call.value(0), unitOf(call)))
}

export function shortFormat(call: Call, index: number): string {
  const format = call.text(index)
  return format.length <= 100 ? format : call.fail('date', 'A form of a date may have at most 100 characters.')
}

/** The moment that counts as now for the whole step. */
export function nowOf(call: Call): DateTime {
  return DateTime.fromJSDate(call.environment.scope.now, { zone: zoneOf(call) })
}
