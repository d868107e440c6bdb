import { toText } from './conversions'
import type { Environment } from './environment'
import { ExpressionFailure, type Place, quote } from './failure'
import { Call } from './functions/define'
import { kindsWith, membersOf } from './functions/index'
import { closest, didYouMean } from './suggest'
import { describe, isFields, isForbidden, kindOf, nameOfKind, type Value } from './values'

/** What a name means on a value that has no own field of it. `before` is what the value itself was read from. */
export function readMember(environment: Environment, value: Value, key: string, place: Place, parent: Place, before: Value): Value {
  if (isForbidden(key)) throw new ExpressionFailure('reserved_name', `\`${key}\` cannot be read.`, place)
  const kind = kindOf(value)
  if (kind === 'missing' || kind === 'null') throw noValue(value, key, place, parent, before)
  const member = membersOf(kind).get(key)
  if (member?.property) {
    environment.meter.spend(kind === 'date' || kind === 'duration' ? 30 : 1)
    return member.run(new Call(environment, member, place, parent, [], []), value)
  }
  if (kind === 'object') return undefined
  if ((kind === 'text' || kind === 'list') && /^(0|[1-9]\d{0,8})$/.test(key)) return (value as string | Value[])[Number(key)]
  if (member)
    throw new ExpressionFailure('member', `\`${key}\` is a function: write ${quote(`${parent.source}.${member.signature}`)}.`, place)
  const hint =
    kind === 'list'
      ? ` Take one item (\`${parent.source}[0].${key}\`) or all (\`${parent.source}.map(x => x.${key})\`).`
      : didYouMean(key, membersOf(kind).keys())
  throw new ExpressionFailure(
    'member',
    `${quote(parent.source)} is ${describe(value)}, not an object, so it has no field \`${key}\`.${hint}`,
    place,
  )
}

/** The failure for reading from nothing; says which step did not run, or which field was probably meant. */
export function noValue(value: Value, key: string, place: Place, parent: Place, before: Value): ExpressionFailure {
  if (/^steps\s*(?:\.\s*[\w$]+|\[[^\]]*\])$/.test(parent.source.trim()) && value === undefined) {
    return new ExpressionFailure(
      'no_value',
      `${quote(parent.source)} has no result here: that step did not run before this one, so \`${key}\` cannot be read.`,
      place,
      'Connect the steps, or write `?.` where the step may be left out.',
    )
  }
  const names = isFields(before) ? Object.keys(before).slice(0, 200) : []
  const last = /([\w$]+)\s*$/.exec(parent.source)?.[1]
  const meant = last && value === undefined ? closest(last, names) : undefined
  const there =
    names.length > 0 && value === undefined && !meant
      ? ` Fields there: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}.`
      : ''
  return new ExpressionFailure(
    'no_value',
    `${quote(parent.source)} is ${describe(value)}, so \`${key}\` cannot be read from it.${meant ? ` Did you mean \`${meant}\`?` : there}`,
    place,
    'Write `?.` where a value may be missing.',
  )
}

const changesNothing = 'An expression changes nothing: use `concat`, `slice` or `filter`.'
const chance = 'The step “Random value” draws and makes ids, and records what came out.'
/** Functions that would give something else each time, or do the same here by another name. */
export const globalsElsewhere: Readonly<Record<string, string>> = {
  'Object.assign': 'Use `merge(object, other)`.',
  'Math.random': chance,
  'crypto.randomUUID': chance,
  uuid: chance,
  $uuid: chance,
  uuidv4: chance,
  $max: 'Use `Math.max(…)`.',
  $min: 'Use `Math.min(…)`.',
  $jmespath: 'Use functions of lists: `input.items.filter(x => x.price > 10).map(x => x.name)`.',
  $fromAI: "Use `$ai('name', 'what it is for')`.",
  moment: 'Use `now` or `date(value)`.',
  'Date.parse': 'Use `date(value).toMillis()`.',
  structuredClone: 'An expression changes nothing, so nothing needs to be copied.',
  'Object.freeze': 'An expression changes nothing, so nothing needs to be kept from it.',
  escape: 'Use `encodeURIComponent(text)`.',
  now: 'Write `now` without brackets.',
  today: 'Write `today` without brackets.',
  NOW: 'Write `now` without brackets.',
  TODAY: 'Write `today` without brackets.',
  SUM: 'Use `list.sum()`.',
  AND: 'Write `a && b`.',
  OR: 'Write `a || b`.',
  NOT: 'Write `!a`.',
  LEN: 'Use `text.length`.',
  UPPER: 'Use `text.toUpperCase()`.',
  LOWER: 'Use `text.toLowerCase()`.',
  TRIM: 'Use `text.trim()`.',
  LEFT: 'Use `text.slice(0, 3)`.',
  RIGHT: 'Use `text.slice(-3)`.',
  CONCAT: 'Join texts with `+`.',
  CONCATENATE: 'Join texts with `+`.',
  TEXT: "Use `number.format(2)` or `date.toFormat('dd.MM.yyyy')`.",
  VALUE: 'Use `text.toNumber()`.',
  IFERROR: 'Use `$try(value, fallback)`.',
  VLOOKUP: 'Use `list.find(x => x.id === input.id)`, or the step “Join lists”.',
  XLOOKUP: 'Use `list.find(x => x.id === input.id)`, or the step “Join lists”.',
  unescape: 'Use `decodeURIComponent(text)`.',
}
/** Methods that JavaScript or another product has, with what does the same here. */
const insteadOf: Readonly<Record<string, string>> = {
  push: changesNothing,
  pop: changesNothing,
  shift: changesNothing,
  unshift: changesNothing,
  splice: 'An expression changes nothing: use `toSpliced`.',
  fill: changesNothing,
  forEach: 'An expression only makes a value: use `map`.',
  toDateTime: 'Use `date(value)`.',
  toDate: 'Use `date(value)`.',
  toInt: 'Use `parseInt(value)`.',
  toFloat: 'Use `parseFloat(value)`.',
  toJsonString: 'Use `JSON.stringify(value)`.',
  removeMarkdown: 'Use `replace` with a pattern.',
  stripTags: 'Use `removeTags()`.',
  removeDuplicates: 'Use `unique()`.',
  toLocaleDateString: "Use `toLocaleString(locale, 'date')`.",
  toLocaleTimeString: "Use `toLocaleString(locale, 'time')`.",
  toLocaleLowerCase: 'Use `toLowerCase()`.',
  toLocaleUpperCase: 'Use `toUpperCase()`.',
  hasOwnProperty: "Use `Object.hasOwn(object, 'name')`.",
  hasField: "Use `Object.hasOwn(object, 'name')`.",
  keys: 'Use `Object.keys(object)`.',
  values: 'Use `Object.values(object)`.',
  entries: 'Use `Object.entries(object)`.',
  removeField: "Use `omit(object, 'name')`.",
  merge: 'Use `merge(object, other)`.',
  append: 'Use `concat(list)`.',
  beginningOf: 'Use `startOf(unit)`.',
  extract: 'Use `date.month`, `date.day` and so on.',
  quote: 'Use `JSON.stringify(value)`.',
  randomItem: chance,
  isEmpty: 'Use `isEmpty(value)`.',
  isNotEmpty: 'Use `!isEmpty(value)`.',
}

/** " Use `map`." for a name that people know from elsewhere. */
export function hintInsteadOf(name: string): string {
  return Object.hasOwn(insteadOf, name) ? ` ${insteadOf[name]}` : ''
}

/** The failure for a method that this kind of value does not have. */
export function noMethod(value: Value, name: string, place: Place, self: Place, environment: Environment): ExpressionFailure {
  const kind = kindOf(value)
  const names = membersOf(kind)
  if (names.get(name)?.property)
    return new ExpressionFailure('unknown_function', `\`${name}\` is no function: write ${quote(`${self.source}.${name}`)}.`, place)
  const others = kindsWith(name)
  if (others.length > 0 && !(kind === 'object' && Object.hasOwn(insteadOf, name))) {
    const wanted = others.map((owner) => nameOfKind(owner))
    const shown = typeof value === 'string' && value.length <= 40 ? ` (${quote(toText(value, environment.meter))})` : ''
    return new ExpressionFailure(
      'type',
      `${quote(self.source)} is ${describe(value)}${shown}, not ${wanted.join(' or ')}: \`${name}\` works on ${wanted.map((word) => word.replace(/^an? /, '')).join(' or ')} values.`,
      place,
    )
  }
  return new ExpressionFailure(
    'unknown_function',
    `${quote(self.source)} is ${describe(value)}, which has no function \`${name}\`.${hintInsteadOf(name) || didYouMean(name, names.keys())}`,
    place,
  )
}
