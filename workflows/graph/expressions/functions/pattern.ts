import { toText } from '../conversions'
import { findMatches, requireRegex, testRegex } from '../regex'
import { RegexValue } from '../values'
import { methodsOf } from './define'

const global = methodsOf<undefined>('global')
const pattern = methodsOf<RegexValue>('pattern')

export const patternFunctions = [
  global(
    'RegExp(pattern, flags?)',
    'A pattern made from a text; written directly, `/…/` is faster.',
    "'a1b2'.replaceAll(RegExp('[' + '0-9' + ']', 'g'), '')",
    'ab',
    (call) => new RegexValue(requireRegex(call.text(0), call.meter, call.text(1, ''))),
  ),
  global('escapeRegex(text)', 'A text so that a pattern finds it as it is.', "RegExp(escapeRegex('1.5')).test('1x5')", false, (call) => {
    call.makeText(call.text(0).length * 2)
    return call.text(0).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  }),
  pattern('test(text)', 'Whether the pattern is found in a text.', "/^[a-z]+$/.test('abc')", true, (call, self) =>
    testRegex(RegexValue.read(self), toText(call.value(0), call.meter), call.meter),
  ),
  pattern(
    'exec(text)',
    'The first match and its groups, or null.',
    "/(\\d+)-(\\d+)/.exec('10-20')",
    ['10-20', '10', '20'],
    (call, self) => {
      const [match] = findMatches(RegexValue.read(self), toText(call.value(0), call.meter), call.meter, 1)
      return match?.groups ?? null
    },
  ),
  pattern('source', 'The pattern as text.', '/a+/.source', 'a+', (_, self) => RegexValue.read(self).source),
]
