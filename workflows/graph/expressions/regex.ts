import { type Matcher, RE2JS } from 're2js'
import { limits } from '../../limits'
import { providePatterns } from '../patterns'
import { ExpressionFailure } from './failure'
import type { Meter } from './meter'

providePatterns((pattern, text) => RE2JS.compile(pattern).matcher(text).find())

/** A pattern that runs in time linear to the text; JavaScript's own engine is never used on what people write. */
export interface Regex {
  source: string
  flags: string
  global: boolean
  ignoreCase: boolean
  compiled: RE2JS
  /** See `isFlat`. */
  flat: boolean
}

export interface Match {
  start: number
  end: number
  groups: (string | undefined)[]
  named: Record<string, string | undefined> | undefined
}

export type RegexResult = { ok: true; value: Regex } | { ok: false; message: string }

const patternLength = 1_000
const programLength = 2_000

const tooLarge: RegexResult = { ok: false, message: 'This pattern is too large: repeat fewer times.' }

export function compileRegex(pattern: string, flags: string): RegexResult {
  if (pattern.length > patternLength) return { ok: false, message: `A pattern may have at most ${patternLength} characters.` }
  // Quoting would hide brackets from the two estimates below, and JavaScript's patterns do not have it.
  if (/(?<!\\)(?:\\\\)*\\Q/.test(pattern)) return { ok: false, message: 'Patterns have no \\Q; write a backslash before each sign.' }
  let bits = 0
  for (const flag of flags) {
    if (flag === 'i') bits |= RE2JS.CASE_INSENSITIVE
    else if (flag === 'm') bits |= RE2JS.MULTILINE
    else if (flag === 's') bits |= RE2JS.DOTALL
    else if (flag !== 'g' && flag !== 'u') return { ok: false, message: `Patterns have no flag \`${flag}\`; use g, i, m, s or u.` }
  }
  if (estimateProgram(pattern) > programLength * 2) return tooLarge
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern), bits)
    if (compiled.programSize() > programLength) return tooLarge
    return {
      ok: true,
      value: { source: pattern, flags, global: flags.includes('g'), ignoreCase: flags.includes('i'), compiled, flat: isFlat(pattern) },
    }
  } catch {
    return {
      ok: false,
      message: `The pattern /${pattern.slice(0, 60)}/ cannot be used: lookahead, lookbehind and back-references do not exist here, and brackets must be balanced.`,
    }
  }
}

/** What one character costs: RE2 looks at each once for every part of the pattern that may go on there. */
function weightOf(regex: Regex): number {
  return 4 + regex.compiled.programSize() / 16
}

/** Up to `most` matches from the left; charges for what the search may read before it reads. */
export function findMatches(regex: Regex, text: string, meter: Meter, most: number): Match[] {
  const found: Match[] = []
  const weight = weightOf(regex)
  meter.spend(Math.ceil(text.length * weight))
  const matcher = regex.compiled.matcher(text)
  while (found.length < most) {
    const from = found.at(-1)?.end ?? 0
    meter.spend(64 + (regex.flat ? 0 : Math.ceil(((text.length - from) / 2) * weight)))
    if (!matcher.find()) break
    if (found.length >= limits.listItems) meter.list(found.length + 1)
    found.push(readMatch(matcher, regex, meter))
  }
  return found
}

/**
 * Without alternatives and repeated groups, what is read beyond a match holds no further match, so all matches together read
 * the text a fixed number of times. Otherwise each one may read to the end, as `a(.*b)?` does, and is charged for it.
 */
function isFlat(pattern: string): boolean {
  const bare = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x')
  return !bare.includes('|') && !/\)[*+?{]/.test(bare)
}

export function testRegex(regex: Regex, text: string, meter: Meter): boolean {
  meter.spend(Math.ceil(text.length * weightOf(regex)))
  return regex.compiled.test(text)
}

function readMatch(matcher: Matcher, regex: Regex, meter: Meter): Match {
  const count = matcher.groupCount()
  const start = matcher.start()
  const end = matcher.end()
  meter.spend((end - start + 4) * (count + 1))
  const groups: (string | undefined)[] = []
  for (let index = 0; index <= count; index++) groups.push(matcher.group(index) ?? undefined)
  const names = Object.entries(regex.compiled.namedGroups())
  const named = names.length === 0 ? undefined : Object.fromEntries(names.map(([name, index]) => [name, groups[index]]))
  return { start, end, groups, named }
}

/** The replacement with `$1`, `$<name>`, `$&` and `$$` filled in. */
export function expandReplacement(replacement: string, match: Match, meter: Meter): string {
  if (!replacement.includes('$')) return replacement
  let size = replacement.length
  const pieces: string[] = []
  let from = 0
  for (const token of replacement.matchAll(/\$(?:\$|&|(\d{1,2})|<([^>]*)>)/g)) {
    const [whole, number, name] = token
    let value: string | undefined
    if (whole === '$$') value = '$'
    else if (whole === '$&') value = match.groups[0]
    else if (number !== undefined) {
      if (Number(number) === 0 || Number(number) >= match.groups.length) continue
      value = match.groups[Number(number)] ?? ''
    } else {
      if (!match.named || name === undefined) continue
      value = Object.hasOwn(match.named, name) ? match.named[name] : ''
    }
    size += value?.length ?? 0
    meter.spend(value?.length ?? 0)
    pieces.push(replacement.slice(from, token.index), value ?? '')
    from = token.index + whole.length
  }
  meter.spend(size)
  pieces.push(replacement.slice(from))
  return pieces.join('')
}

/** A pattern from a text made while running; making it is work in proportion to its program. */
export function requireRegex(pattern: string, meter: Meter, flags = ''): Regex {
  meter.spend(
    2_000 +
      Math.min(pattern.length, patternLength) * 40 +
      Math.min(estimateProgram(pattern.slice(0, patternLength)), programLength * 2) * 400,
  )
  const result = compileRegex(pattern, flags)
  if (!result.ok) throw new ExpressionFailure('pattern', result.message)
  return result.value
}

/** The last place of `[…]`; empty classes end at once, so that nothing behind them is overlooked. */
function endOfClass(pattern: string, from: number): number {
  for (let index = from + 1; index < pattern.length; index++) {
    if (pattern[index] === '\\') index++
    else if (pattern[index] === ']') return index
  }
  return from
}

/** About how many instructions a pattern becomes, told without compiling it: `(a{1,100}){1,9}` is 15 characters and 1,800 instructions. */
function estimateProgram(pattern: string): number {
  const groups: number[] = []
  let sum = 0
  let last = 0
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index]
    if (char === '(') {
      groups.push(sum)
      sum = 0
      last = 0
    } else if (char === ')') {
      last = sum + 2
      sum = (groups.pop() ?? 0) + last
    } else if (char === '{') {
      const bounds = /^\{(\d{0,6})(?:,(\d{0,6}))?\}/.exec(pattern.slice(index, index + 20))
      const times = Math.max(1, Number(bounds?.[1] ?? 1), Number(bounds?.[2] || 1)) * (bounds?.[2] ? 2 : 1)
      sum += last * (times - 1)
      last *= times
      index += (bounds?.[0].length ?? 1) - 1
    } else {
      if (char === '\\') index++
      else if (char === '[') index = endOfClass(pattern, index)
      last = 1
      sum++
    }
  }
  return sum
}
