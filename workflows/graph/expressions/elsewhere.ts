import { makeKey } from '../make-key'
import { parseTemplate } from './parse-template'

/** How another product's expressions name data, and how that is named here. The quoted group is a step's title. */
const ways: readonly [RegExp, string | ((title: string, keyOf: (title: string) => string) => string)][] = [
  [/\$\(\s*(['"`])([^'"`]+)\1\s*\)(?:\.(?:item|first\(\)|last\(\)|all\(\)|itemMatching\([^()]*\)))?(?:\[\d+\])?(?:\.json)?/y, stepOf],
  [/\$(?:node|items)\s*[[(]\s*(['"`])([^'"`]+)\1[^\])]*[\])](?:\[\d+\])?(?:\.json)?/y, stepOf],
  [/\$input\.(?:item|first\(\)|last\(\)|all\(\))(?:\[\d+\])?(?:\.json)?/y, 'input'],
  [/\$(?:json|input)(?![\w$])/y, 'input'],
  [/(?:\$now|DateTime\.(?:now|local)\(\))(?![\w$])/y, 'now'],
  [/\$today(?![\w$])/y, 'today'],
  [/\$vars(?![\w$])/y, 'vars'],
  [/\$(?:itemIndex|runIndex|index)(?![\w$])/y, 'index'],
  [/\$workflow(?![\w$])/y, 'run.workflow'],
  [/\$execution\.id(?![\w$])/y, 'run.id'],
]

function stepOf(title: string, keyOf: (title: string) => string): string {
  return `steps.${keyOf(title)}`
}

/** What is written here instead of what stands at this place of an expression; undefined where it is nothing known from elsewhere. */
export function insteadAt(
  source: string,
  at: number,
  keyOf = (title: string) => makeKey(title),
): { text: string; end: number } | undefined {
  for (const [pattern, instead] of ways) {
    pattern.lastIndex = at
    const found = pattern.exec(source)
    if (found) return { text: typeof instead === 'string' ? instead : instead(found[2] ?? '', keyOf), end: pattern.lastIndex }
  }
  return undefined
}

/** The same text with what it says in another product's words said in those of Millrace; the same where there is nothing of the kind. */
export function inOwnWords(text: string, keyOf?: (title: string) => string): string {
  if (!text.includes('{{')) return text
  const changed = parseTemplate(text)
    .map((part) => (part.kind === 'text' ? part.text : translated(text.slice(part.openStart, part.closeEnd), keyOf)))
    .join('')
  // There, a field that holds an expression begins with a sign that here is a part of the text.
  return changed === text ? text : changed.replace(/^=/, '')
}

function translated(source: string, keyOf?: (title: string) => string): string {
  let made = ''
  let at = 0
  let quote = ''
  while (at < source.length) {
    const sign = source.charAt(at)
    const before = source.charAt(at - 1)
    const found = quote === '' && !/[\w$.]/.test(before) ? insteadAt(source, at, keyOf) : undefined
    if (found) {
      made += found.text
      at = found.end
      continue
    }
    if (quote === '' ? /['"`]/.test(sign) : sign === quote && before !== '\\') quote = quote === '' ? sign : ''
    made += sign
    at++
  }
  return made
}
