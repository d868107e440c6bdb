import { type Matcher, RE2JS } from 're2js'
import { limits } from '../../limits'
import { ExpressionFailure } from './failure'
import type { Meter } from './meter'

/** A pattern that runs in time linear to the text; JavaScript's own engine is never used on what people write. */
export interface Regex {
  source: string
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

export function compileRegex(pattern: string, flags: string): RegexResult {
  if (pattern.length > patternLength) return { ok: false, message: `A pattern may have at most ${patternLength} characters.` }
  let bits = 0
  for (const flag of flags) {
    if (flag === 'i') bits |= RE2JS.CASE_INSENSITIVE
    else if (flag === 'm') bits |= RE2JS.MULTILINE
    else if (flag === 's') bits |= RE2JS.DOTALL
    else if (flag !== 'g' && flag !== 'u') return { ok: false, message: `Patterns have no flag \`${flag}\`; use g, i, m, s or u.` }
  }
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern), bits)
    if (compiled.programSize() > programLength) return { ok: false, message: 'This pattern is too large: repeat fewer times.' }
    return {
      ok: true,
      value: { source: pattern, global: flags.includes('g'), ignoreCase: flags.includes('i'), compiled, flat: isFlat(pattern) },
    }
  } catch {
    return {
      ok: false,
      message: `The pattern /${pattern.slice(0, 60)}/ cannot be used: lookahead, lookbehind and back-references do not exist here, and brackets must be balanced.`,
    }
  }
}

/** Up to `most` matches from the left; charges for what the search may read before it reads. */
export function findMatches(regex: Regex, text: string, meter: Meter, most: number): Match[] {
  const found: Match[] = []
  const weight = 1 + regex.compiled.programSize() / 64
  meter.spend(Math.ceil(text.length * weight))
  const matcher = regex.compiled.matcher(text)
  while (found.length < most) {
    const from = found.at(-1)?.end ?? 0
    meter.spend(16 + (regex.flat ? 0 : Math.ceil(((text.length - from) / 2) * weight)))
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
  meter.spend(Math.ceil(text.length * (1 + regex.compiled.programSize() / 64)))
  return regex.compiled.test(text)
}

function readMatch(matcher: Matcher, regex: Regex, meter: Meter): Match {
  const count = matcher.groupCount()
  const start = matcher.start()
  const end = matcher.end()
  meter.spend((end - start + 1) * (count + 1))
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

export function requireRegex(pattern: string, flags = ''): Regex {
  const result = compileRegex(pattern, flags)
  if (!result.ok) throw new ExpressionFailure('pattern', result.message)
  return result.value
}
