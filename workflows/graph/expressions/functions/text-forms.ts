import { parseJson } from '../conversions'
import type { Value } from '../values'
import { type Call, methodsOf } from './define'
import { isEmail, isUrl } from './find-in-text'

const method = methodsOf<string>('text')

/** What people do to texts that JavaScript has no method for. */
export const textForms = [
  method('capitalize()', 'With its first letter as a capital.', "'ada lovelace'.capitalize()", 'Ada lovelace', (call, text) => {
    call.makeText(text.length + 2)
    return capital(text)
  }),
  method('toTitleCase()', 'Each word with a capital.', "'the ANALYTICAL engine'.toTitleCase()", 'The Analytical Engine', (call, text) => {
    call.makeText(text.length * 3)
    return text.toLowerCase().replace(/[\p{L}\p{N}’']+/gu, capital)
  }),
  method('toCamelCase()', 'Its words as one name: smallThenBig.', "'Order total (EUR)'.toCamelCase()", 'orderTotalEur', (call, text) =>
    wordsOf(call, text)
      .map((word, index) => (index === 0 ? word.toLowerCase() : capital(word.toLowerCase())))
      .join(''),
  ),
  method('toSnakeCase()', 'Its words as one name, with underscores.', "'Order total'.toSnakeCase()", 'order_total', (call, text) =>
    wordsOf(call, text).join('_').toLowerCase(),
  ),
  method('toKebabCase()', 'Its words as one name, with hyphens.', "'orderTotal'.toKebabCase()", 'order-total', (call, text) =>
    wordsOf(call, text).join('-').toLowerCase(),
  ),
  method('slug()', 'As a part of an address: plain small letters and hyphens.', "'Crème brûlée!'.slug()", 'creme-brulee', (call, text) =>
    wordsOf(call, withoutAccents(call, text)).join('-').toLowerCase(),
  ),
  method('removeAccents()', 'Letters without their accents.', "'Zoë Łukasz'.removeAccents()", 'Zoe Lukasz', withoutAccents),
  method('removeTags()', 'Without what stands between < and >.', "'<p>Hi <b>Ada</b></p>'.removeTags()", 'Hi Ada', (call, text) => {
    call.makeText(text.length)
    const pieces: string[] = []
    let from = 0
    for (let open = text.indexOf('<'); open !== -1; open = text.indexOf('<', from)) {
      const close = text.indexOf('>', open)
      if (close === -1) break
      pieces.push(text.slice(from, open))
      from = close + 1
    }
    return pieces.join('') + text.slice(from)
  }),
  method('escapeHtml()', 'Safe to put into a page or a mail.', "'<b> & co'.escapeHtml()", '&lt;b&gt; &amp; co', (call, text) => {
    call.makeText(text.length * 6)
    return text.replace(/[&<>"']/g, (sign) => `&${signs[sign]};`)
  }),
  method('truncate(length, end?)', 'At most that long; what was cut is marked.', "'A long story'.truncate(7)", 'A long…', (call, text) => {
    const most = call.number(0)
    const end = call.text(1, '…')
    if (!(most >= 0)) call.wrong(0, 'whole number')
    call.makeText(Math.min(text.length, most) + end.length)
    if (text.length <= most) return text
    const cut = Math.max(0, Math.floor(most) - end.length)
    // Half a pair would not be a character.
    const pair = /[\uD800-\uDBFF]/.test(text.charAt(cut - 1)) ? 1 : 0
    return (text.slice(0, cut - pair).trimEnd() + end).slice(0, Math.floor(most))
  }),
  method('lines()', 'A list of its lines.', "'a\\nb'.lines()", ['a', 'b'], (call, text) => {
    call.meter.spend(text.length)
    const lines = text.split('\n')
    call.makeList(lines.length)
    return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  }),
  method('words()', 'A list of its words.', "'Hello, my world!'.words()", ['Hello', 'my', 'world'], (call, text) => {
    call.meter.spend(text.length * 2)
    const words = text.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? []
    call.makeList(words.length)
    return [...words]
  }),
  method('reverse()', 'The other way round.', "'abc'.reverse()", 'cba', (call, text) => {
    call.makeText(text.length * 2)
    return [...text].reverse().join('')
  }),
  method(
    'before(search)',
    'What stands before another text; all of it where that is missing.',
    "'ada@home'.before('@')",
    'ada',
    (call, text) => {
      const at = find(call, text, 0)
      return at === -1 ? text : text.slice(0, at)
    },
  ),
  method(
    'after(search)',
    'What stands after another text; nothing where that is missing.',
    "'ada@home'.after('@')",
    'home',
    (call, text) => {
      const at = find(call, text, 0)
      return at === -1 ? '' : text.slice(at + call.text(0).length)
    },
  ),
  method('between(start, end)', 'What stands between two others, or null.', "'[17] ok'.between('[', ']')", '17', (call, text) => {
    const start = find(call, text, 0)
    if (start === -1) return null
    const from = start + call.text(0).length
    call.meter.spend(text.length)
    const end = text.indexOf(call.text(1), from)
    return end === -1 ? null : text.slice(from, end)
  }),
  method('isEmpty()', 'Whether there is nothing in it.', "''.isEmpty()", true, (_, text) => text === ''),
  method('isNotEmpty()', 'Whether there is something in it.', "'a'.isNotEmpty()", true, (_, text) => text !== ''),
  method('isEmail()', 'Whether it looks like a mail address.', "'ada@example.com'.isEmail()", true, (call, text) => {
    call.meter.spend(Math.min(text.length, 400))
    return isEmail(text)
  }),
  method('isUrl()', 'Whether it is an address on the web.', "'https://example.com/a'.isUrl()", true, (call, text) => {
    call.meter.spend(text.length * 2)
    return isUrl(text)
  }),
  method('isNumeric()', 'Whether it stands for a number.', "'12.5'.isNumeric()", true, (call, text) => {
    call.meter.spend(text.length)
    return text.trim() !== '' && Number.isFinite(Number(text))
  }),
  method('toNumber()', 'The number it stands for; fails where it is none.', "' 12.5 '.toNumber()", 12.5, (call, text) => {
    call.meter.spend(text.length)
    const number = text.trim() === '' ? Number.NaN : Number(text)
    if (Number.isFinite(number)) return number
    const hint = /\d,\d/.test(text)
      ? "Where the comma is the decimal sign use `text.replaceAll('.', '').replace(',', '.').toNumber()`."
      : "Use `parseFloat(text)` where something follows, as in '3.5 kg'."
    return call.fail('type', `${quoted(text)} stands for no number.`, hint)
  }),
  method('toBoolean()', 'False for nothing, false, no, off and 0; else true.', "'no'.toBoolean()", false, (_, text) =>
    text.length > 5 ? true : !['', 'false', 'no', 'off', '0'].includes(text.toLowerCase()),
  ),
  method('parseJson(fallback?)', 'The value that the JSON in it holds.', '\'{"a":1}\'.parseJson().a', 1, (call, text) => {
    if (call.args.length === 0) return parseJson(text, call.meter, call.selfPlace)
    return call.otherwise('expression.json', () => parseJson(text, call.meter, call.selfPlace), 0)
  }),
]

const signs: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }

/** Letters that do not come apart into a plain one and its accent. */
const whole: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}

function withoutAccents(call: Call, text: string): string {
  call.makeText(text.length * 4)
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[ßæÆœŒøØłŁđĐðþı]/g, (letter) => whole[letter] ?? letter)
}

function capital(word: string): string {
  const [first = ''] = word
  return first.toUpperCase() + word.slice(first.length)
}

/** Words of a name: `orderTotal`, `Order total` and `ORDER_TOTAL` have two. */
function wordsOf(call: Call, text: string): string[] {
  call.makeText(text.length * 3)
  return text.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2').match(/[\p{L}\p{N}]+/gu) ?? []
}

function find(call: Call, text: string, index: number): number {
  call.meter.spend(text.length + call.text(index).length)
  return text.indexOf(call.text(index))
}

function quoted(text: Value & string): string {
  return `\`${text.length > 40 ? `${text.slice(0, 39)}…` : text}\``
}
