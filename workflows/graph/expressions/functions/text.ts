import { limits } from '../../../limits'
import { expandReplacement, findMatches, type Match, requireRegex, testRegex } from '../regex'
import type { Value } from '../values'
import { type Call, methodsOf } from './define'

const method = methodsOf<string>('text')

export const textFunctions = [
  method('length', 'How many characters the text has.', "'abc'.length", 3, (_, text) => text.length),
  method('split(separator, limit?)', 'A list of the parts between separators.', "'a,b,c'.split(',')", ['a', 'b', 'c'], split),
  method(
    'replace(search, replacement)',
    'Replaces the first place found; with a pattern that has the flag g, all of them.',
    "'2026-01-02'.replace(/-/g, '/')",
    '2026/01/02',
    (call, text) => replace(call, text, call.pattern(0)?.global === true),
    { callbacks: [1] },
  ),
  method(
    'replaceAll(search, replacement)',
    'Replaces every place found.',
    "'a-b-c'.replaceAll('-', ' ')",
    'a b c',
    (call, text) => replace(call, text, true),
    { callbacks: [1] },
  ),
  method(
    'match(pattern)',
    'The first match and its groups, or null; with the flag g, the list of all matches.',
    "'Order 17 of 20'.match(/\\d+/g)",
    ['17', '20'],
    (call, text) => {
      const regex = call.pattern(0) ?? requireRegex(call.text(0), call.meter)
      const matches = findMatches(regex, text, call.meter, regex.global ? Number.POSITIVE_INFINITY : 1)
      if (matches.length === 0) return null
      return regex.global ? matches.map((match) => match.groups[0]) : (matches[0]?.groups ?? null)
    },
  ),
  method(
    'matchAll(pattern)',
    'Every match as a list of the whole and its groups.',
    "'a=1 b=2'.matchAll(/(\\w)=(\\d)/g)",
    [
      ['a=1', 'a', '1'],
      ['b=2', 'b', '2'],
    ],
    (call, text) =>
      findMatches(call.pattern(0) ?? requireRegex(call.text(0), call.meter), text, call.meter, Number.POSITIVE_INFINITY).map(
        (match) => match.groups,
      ),
  ),
  method(
    'search(pattern)',
    'Where the pattern is found first, or -1.',
    "'abc 42'.search(/\\d/)",
    4,
    (call, text) => findMatches(call.pattern(0) ?? requireRegex(call.text(0), call.meter), text, call.meter, 1)[0]?.start ?? -1,
  ),
  method('trim()', 'Without the spaces at both ends.', "'  hi '.trim()", 'hi', (call, text) => made(call, text, text.trim())),
  method('trimStart()', 'Without the spaces at the start.', "'  hi '.trimStart()", 'hi ', (call, text) =>
    made(call, text, text.trimStart()),
  ),
  method('trimEnd()', 'Without the spaces at the end.', "'  hi '.trimEnd()", '  hi', (call, text) => made(call, text, text.trimEnd())),
  method('padStart(length, fill?)', 'Filled up at the start.', "'7'.padStart(3, '0')", '007', (call, text) => {
    call.makeWhole(Math.max(text.length, padded(call)))
    return text.padStart(call.number(0), call.text(1, ' '))
  }),
  method('padEnd(length, fill?)', 'Filled up at the end.', "'ab'.padEnd(4, '.')", 'ab..', (call, text) => {
    call.makeWhole(Math.max(text.length, padded(call)))
    return text.padEnd(call.number(0), call.text(1, ' '))
  }),
  method('repeat(times)', 'The text that many times.', "'ab'.repeat(3)", 'ababab', (call, text) => {
    const times = call.number(0)
    if (!(times >= 0)) call.wrong(0, 'whole number')
    call.makeWhole(text.length * Math.floor(times))
    return text.repeat(text === '' ? 0 : times)
  }),
  method('toLowerCase()', 'In small letters.', "'Ada'.toLowerCase()", 'ada', (call, text) => {
    call.makeText(text.length * 2)
    return text.toLowerCase()
  }),
  method('toUpperCase()', 'In capital letters.', "'Ada'.toUpperCase()", 'ADA', (call, text) => {
    call.makeText(text.length * 3)
    return text.toUpperCase()
  }),
  method('startsWith(search, from?)', 'Whether the text begins so.', "'invoice-7'.startsWith('inv')", true, (call, text) => {
    call.meter.spend(call.text(0).length)
    return text.startsWith(call.text(0), call.number(1, 0))
  }),
  method('endsWith(search, length?)', 'Whether the text ends so.', "'a.pdf'.endsWith('.pdf')", true, (call, text) => {
    call.meter.spend(call.text(0).length)
    return text.endsWith(call.text(0), call.number(1, text.length))
  }),
  method(
    'slice(from?, to?)',
    'The part between two places; negative places count from the end.',
    "'abcdef'.slice(-2)",
    'ef',
    (call, text) => made(call, text, text.slice(call.number(0, 0), call.number(1, text.length))),
  ),
  method('substring(from, to?)', 'The part between two places.', "'abcdef'.substring(1, 3)", 'bc', (call, text) =>
    made(call, text, text.substring(call.number(0), call.number(1, text.length))),
  ),
  method('substr(from, length?)', 'The part from a place on, with so many characters.', "'abcdef'.substr(1, 3)", 'bcd', (call, text) => {
    const from = Math.trunc(call.number(0)) || 0
    const start = from < 0 ? Math.max(0, text.length + from) : from
    return made(call, text, text.slice(start, start + Math.max(0, Math.trunc(call.number(1, text.length)) || 0)))
  }),
  method('charAt(place?)', 'The character at a place.', "'abc'.charAt(1)", 'b', (call, text) => text.charAt(call.number(0, 0))),
  method('at(place)', 'The character at a place; -1 is the last.', "'abc'.at(-1)", 'c', (call, text) => text.at(call.number(0))),
  method('charCodeAt(place?)', 'The number of the character at a place.', "'A'.charCodeAt(0)", 65, (call, text) =>
    text.charCodeAt(call.number(0, 0)),
  ),
  method(
    'codePointAt(place?)',
    'The same for characters that take two places, such as emoji.',
    "'😀'.codePointAt(0)",
    128512,
    (call, text) => text.codePointAt(call.number(0, 0)),
  ),
  method('normalize(form?)', 'Characters that look the same made the same.', "'e\u0301'.normalize().length", 1, (call, text) => {
    const form = call.text(0, 'NFC')
    if (!['NFC', 'NFD', 'NFKC', 'NFKD'].includes(form)) call.fail('type', 'A form is NFC, NFD, NFKC or NFKD.')
    call.makeText(text.length * 6)
    return text.normalize(form)
  }),
  method('includes(search, from?)', 'Whether the text holds another.', "'Millrace'.includes('race')", true, (call, text) => {
    call.meter.spend(text.length + call.text(0).length)
    return text.includes(call.text(0), call.number(1, 0))
  }),
  method('indexOf(search, from?)', 'Where another text begins first, or -1.', "'a-b'.indexOf('-')", 1, (call, text) => {
    call.meter.spend(text.length + call.text(0).length)
    return text.indexOf(call.text(0), call.number(1, 0))
  }),
  method('lastIndexOf(search, from?)', 'Where another text begins last, or -1.', "'a-b-c'.lastIndexOf('-')", 3, (call, text) => {
    call.meter.spend(text.length + call.text(0).length)
    return text.lastIndexOf(call.text(0), call.number(1, text.length))
  }),
  method('concat(…texts)', 'The texts one after the other.', "'a'.concat('b', 'c')", 'abc', (call, text) => {
    const texts = call.args.map((_, index) => call.text(index))
    call.makeWhole(texts.reduce((sum, next) => sum + next.length, text.length))
    return text.concat(...texts)
  }),
  method('localeCompare(other)', 'Below 0, 0 or above 0, as a dictionary would order them.', "'a'.localeCompare('b')", -1, (call, text) => {
    call.meter.spend(2 + (Math.min(text.length, call.text(0).length) >> 2))
    return collator.compare(text, call.text(0))
  }),
  method('toString()', 'The text itself.', "'abc'.toString()", 'abc', (_, text) => text),
]

const collator = new Intl.Collator('en')

function made(call: Call, text: string, part: string): string {
  // A part of a text shares its memory until it is joined; it is paid for all the same.
  call.makeText(Math.min(text.length, part.length))
  return part
}

function padded(call: Call): number {
  const length = call.number(0)
  if (Number.isNaN(length)) call.wrong(0, 'whole number')
  return Math.max(0, length)
}

function split(call: Call, text: string): Value {
  // As JavaScript reads a limit: below zero there is none.
  const most = call.has(1) ? call.number(1) >>> 0 : Number.POSITIVE_INFINITY
  call.meter.spend(text.length)
  const regex = call.pattern(0)
  if (regex) {
    if (text === '' && testRegex(regex, text, call.meter)) return []
    const parts: Value[] = []
    let from = 0
    for (const match of findMatches(regex, text, call.meter, Number.POSITIVE_INFINITY)) {
      if (match.end === match.start && (match.start === from || match.start >= text.length)) continue
      parts.push(text.slice(from, match.start), ...match.groups.slice(1))
      from = match.end
    }
    parts.push(text.slice(from))
    call.makeList(parts.length)
    return parts.slice(0, most)
  }
  const separator = call.text(0)
  const pieces = separator === '' ? text.length : countOf(text, separator) + 1
  call.makeList(Math.min(pieces, most))
  return most < limits.listItems ? text.split(separator, most) : text.split(separator)
}

function countOf(text: string, search: string): number {
  if (search === '') return text.length + 1
  let count = 0
  for (let at = text.indexOf(search); at !== -1; at = text.indexOf(search, at + search.length)) count++
  return count
}

function replace(call: Call, text: string, all: boolean): string {
  if (all && typeof call.args[0] === 'string' && typeof call.args[1] === 'string')
    return replacePlain(call, text, call.args[0], call.args[1])
  const matches = matchesOf(call, text, all)
  const change = typeof call.args[1] === 'function' ? call.callback(1) : undefined
  const replacement = change ? '' : call.text(1)
  const isPattern = call.pattern(0) !== undefined
  call.makeText(text.length)
  const pieces: string[] = []
  let size = text.length
  let from = 0
  for (const match of matches) {
    let next = replacement
    if (change) {
      const value = change(...match.groups, match.start, text, ...(match.named ? [match.named] : []))
      next =
        typeof value === 'string'
          ? value
          : String(typeof value === 'object' && value !== null ? call.fail('type', 'The function must make a text.') : value)
    } else if (isPattern) next = expandReplacement(replacement, match, call.meter)
    call.makeText(next.length)
    size += next.length - (match.end - match.start)
    // What was longer before may stay so, but must not grow.
    if (size > text.length) call.meter.text(size, call.place)
    pieces.push(text.slice(from, match.start), next)
    from = match.end
  }
  pieces.push(text.slice(from))
  return pieces.join('')
}

/** Between two plain texts the size is known before anything is made, however many places there are. */
function replacePlain(call: Call, text: string, search: string, replacement: string): string {
  call.meter.spend(text.length + search.length)
  const count = countOf(text, search)
  const size = text.length + count * (replacement.length - search.length)
  if (size > text.length) call.meter.text(size, call.place)
  call.makeText(size + count * 8)
  return text.replaceAll(search, () => replacement)
}

function matchesOf(call: Call, text: string, all: boolean): Match[] {
  const regex = call.pattern(0)
  if (regex) return findMatches(regex, text, call.meter, all ? Number.POSITIVE_INFINITY : 1)
  const search = call.text(0)
  call.meter.spend(text.length + search.length)
  if (!all) {
    const at = text.indexOf(search)
    return at === -1 ? [] : [{ start: at, end: at + search.length, groups: [search], named: undefined }]
  }
  call.makeList(countOf(text, search))
  const found: Match[] = []
  let at = text.indexOf(search)
  while (at !== -1) {
    found.push({ start: at, end: at + search.length, groups: [search], named: undefined })
    if (search === '' && at >= text.length) break
    at = text.indexOf(search, at + Math.max(1, search.length))
  }
  return found
}
