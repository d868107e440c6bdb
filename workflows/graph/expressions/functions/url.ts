import { setField, toText } from '../conversions'
import { quote } from '../failure'
import { type Fields, isForbidden, type Value } from '../values'
import { type Call, methodsOf } from './define'
import { attempt } from './encoding'
import { emailsIn, urlsIn } from './find-in-text'

const method = methodsOf<string>('text')
const global = methodsOf<undefined>('global')

export const urlFunctions = [
  global(
    'url(text)',
    'The parts of an address: protocol, host, hostname, port, path, query, hash and origin.',
    "url('https://shop.example.com/a?page=2').query",
    { page: '2' },
    (call) => {
      const text = call.text(0)
      const found = parsed(call, text)
      if (!found) return call.fail('url', `${quote(text.slice(0, 80) || ' ')} is no address.`, 'It begins with its protocol: `https://…`.')
      return {
        protocol: found.protocol.slice(0, -1),
        origin: found.origin,
        host: found.host,
        hostname: found.hostname,
        port: found.port,
        path: found.pathname,
        query: queryOf(call, found.search),
        hash: found.hash.slice(1),
      }
    },
  ),
  global(
    'parseQuery(text)',
    'What stands after ? as an object; a name that comes twice has a list.',
    "parseQuery('a=1&b=x&b=y')",
    { a: '1', b: ['x', 'y'] },
    (call) => queryOf(call, call.text(0)),
  ),
  global(
    'toQuery(object)',
    'Text to put after ?; missing values are left out, lists come several times.',
    "toQuery({ q: 'a b', tag: ['x', 'y'], none: null })",
    'q=a+b&tag=x&tag=y',
    (call) => {
      const made = new URLSearchParams()
      const fields = call.fields(0)
      const keys = Object.keys(fields).filter((name) => !isForbidden(name))
      call.makeList(keys.length)
      for (const key of keys) {
        const value = fields[key]
        for (const one of Array.isArray(value) ? value : [value]) {
          if (one === null || one === undefined) continue
          const text = toText(one, call.meter)
          call.makeText((key.length + text.length) * 9)
          made.append(key, text)
        }
      }
      return made.toString()
    },
  ),
  method('urlEncode()', 'Safe as a part of an address.', "'a b&c'.urlEncode()", 'a%20b%26c', (call, text) => {
    call.makeText(text.length * 9)
    return attempt(call, () => encodeURIComponent(text))
  }),
  method('urlDecode()', 'What an encoded part of an address says.', "'a%20b'.urlDecode()", 'a b', (call, text) => {
    call.makeText(text.length)
    return attempt(call, () => decodeURIComponent(text))
  }),
  method(
    'extractEmail()',
    'The first mail address in it, or null.',
    "'Ada <ada@example.com>'.extractEmail()",
    'ada@example.com',
    (call, text) => {
      call.makeText(text.length * 2)
      return emailsIn(text)[0] ?? null
    },
  ),
  method(
    'extractUrl()',
    'The first address in it, or null.',
    "'See https://example.com/a.'.extractUrl()",
    'https://example.com/a',
    (call, text) => {
      call.makeText(text.length * 4)
      return urlsIn(text)[0] ?? null
    },
  ),
  method(
    'extractDomain()',
    'The host of an address or a mail address in it, or null.',
    "'ada@mail.example.com'.extractDomain()",
    'mail.example.com',
    (call, text) => {
      call.makeText(text.length * 4)
      const [address] = urlsIn(text)
      if (address !== undefined) return new URL(address).hostname
      return emailsIn(text)[0]?.split('@').at(-1) ?? null
    },
  ),
]

function parsed(call: Call, text: string): URL | undefined {
  call.makeText(text.length * 9)
  return URL.canParse(text) ? new URL(text) : undefined
}

function queryOf(call: Call, text: string): Fields {
  call.makeText(text.length * 3)
  const made: Fields = {}
  for (const [name, value] of new URLSearchParams(text)) {
    if (isForbidden(name)) continue
    call.meter.spend(4)
    const before: Value = Object.hasOwn(made, name) ? made[name] : undefined
    if (Array.isArray(before)) before.push(value)
    else setField(made, name, before === undefined ? value : [before, value], call.place)
  }
  return made
}
