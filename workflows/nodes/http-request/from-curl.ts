import type { Json } from '../../graph/schema'
import { readJson } from '../read-json'

export type FromCurl = { ok: true; params: Record<string, Json>; title: string; left: string[] } | { ok: false; message: string }

const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'])
const longest = 64 * 1024

/** Options that take a value and mean nothing here, so that the value is not read as the address. */
const ignoredWithValue = new Set(
  `-A --user-agent -C --continue-at -c --cookie-jar -D --dump-header -E --cert -e --referer -K --config -m --max-time -o --output -P --ftp-port
  -Q --quote -r --range -t --telnet-option -U --proxy-user -w --write-out -x --proxy -Y --speed-limit -y --speed-time -z --time-cond --aws-sigv4
  --cacert --capath --cert-type --ciphers --connect-timeout --connect-to --crlfile --dns-servers --doh-url --engine --expect100-timeout
  --happy-eyeballs-timeout-ms --interface --keepalive-time --key --key-type --limit-rate --local-port --max-filesize --max-redirs --noproxy
  --output-dir --pass --pinnedpubkey --preproxy --proto --proto-default --proto-redir --proxy-header --rate --request-target --resolve --retry
  --retry-delay --retry-max-time --socks4 --socks4a --socks5 --socks5-hostname --stderr --tls-max --tls13-ciphers --trace --trace-ascii
  --unix-socket --abstract-unix-socket`.split(/\s+/),
)
/** One letter each, with a value behind it. */
const lettersWithValue = 'ACcDdEeFHKmoPQrTtUuwXxYyzb'
/** Headers that sign a request, by the usual names and by what other names say. */
const signing =
  /^(authorization|cookie|proxy-authorization|apikey|x-signature)$|(^|[-_])(token|secret|api[-_]?key|access[-_]?key|subscription-key|auth|rapidapi-key)$/i

/** Whether a text looks like a cURL command, as browsers and API pages copy it. */
export function isCurl(text: string): boolean {
  return /^\s*(?:\$\s*)?curl(?:\.exe)?\s/.test(text)
}

/**
 * An HTTP request from a cURL command. Secrets are not taken over: what signs the request belongs in a credential, so such headers are left
 * out and named in `left`.
 */
export function fromCurl(text: string): FromCurl {
  if (text.length > longest) return { ok: false, message: 'This cURL command is too long. Paste it without its body.' }
  const words = splitWords(text)
  if (words === 'open') return { ok: false, message: 'A quote in this cURL command is not closed. Copy all of it.' }
  if (words === 'binary') return { ok: false, message: 'This cURL command holds binary data. Send the data as a file instead.' }
  const headers: [string, string][] = []
  const data: string[] = []
  const parts: { name: string; value: string }[] = []
  const left: string[] = []
  let method: string | null = null
  let url: string | null = null
  let isForm = false
  let asQuery = false
  let at = words[0] === '$' ? 2 : 1
  const take = ([name, inline]: Option) => {
    const value = () => inline ?? words[++at] ?? ''
    if (name === '-X' || name === '--request') method = value().toUpperCase()
    else if (name === '-H' || name === '--header') headers.push(headerOf(value()))
    else if (name === '-d' || name === '--data' || name === '--data-raw' || name === '--data-ascii' || name === '--data-binary')
      data.push(value())
    else if (name === '--json') {
      data.push(value())
      headers.push(['Content-Type', 'application/json'], ['Accept', 'application/json'])
    } else if (name === '--data-urlencode') {
      data.push(encodedPair(value()))
      isForm = true
    } else if (name === '-F' || name === '--form' || name === '--form-string') {
      const [key = '', given = ''] = value().split(/=(.*)/s)
      const isFile = name !== '--form-string' && /^[@<]/.test(given)
      if (isFile) left.push('files')
      if (key.trim() !== '') parts.push({ name: key.trim(), value: isFile ? '' : given })
    } else if (name === '-T' || name === '--upload-file') {
      data.push(`@${value()}`)
      method ??= 'PUT'
    } else if (name === '-G' || name === '--get') asQuery = true
    else if (name === '-I' || name === '--head') method = 'HEAD'
    else if (name === '--url') url = value()
    else if (name === '-u' || name === '--user') {
      value()
      left.push('user and password')
    } else if (name === '-b' || name === '--cookie') {
      value()
      left.push('cookies')
    } else if (name === '--oauth2-bearer') {
      value()
      left.push('authorization')
    } else if (ignoredWithValue.has(name)) value()
    else if (!name.startsWith('-') && name !== '') url ??= name
  }
  for (; at < words.length; at++) optionsOf(words[at] ?? '').forEach(take)
  if (!url) return { ok: false, message: 'This cURL command has no address.' }
  if (data.some((one) => one.startsWith('@'))) left.push('files')
  const texts = data.filter((one) => !one.startsWith('@'))
  const whole = (/^https?:\/\//i.test(url) ? url : `https://${url}`).replace(/^(https?:\/\/)[^/?#]*@/i, (_all, scheme: string) => {
    left.push('user and password')
    return scheme
  })
  const { address, search } = splitQuery(whole)
  const query = queryOf(pairsOf(asQuery ? [search, ...texts] : [search]))
  const chosen = method ?? ((data.length > 0 && !asQuery) || parts.length > 0 ? 'POST' : 'GET')
  if (!methods.has(chosen)) return { ok: false, message: `A request cannot be made with ${chosen.slice(0, 20)}.` }
  const kept = headers.filter(([key]) => {
    if (!signing.test(key)) return key !== '' && !/^(content-length|host)$/i.test(key)
    left.push(key.toLowerCase())
    return false
  })
  const fromFile = data.length > 0 && texts.length === 0 && !asQuery
  const body =
    parts.length > 0
      ? { bodyMode: 'multipart', bodyFields: parts }
      : fromFile
        ? { bodyMode: 'file' }
        : asQuery || texts.length === 0
          ? {}
          : bodyOf(texts, kept, isForm)
  const withBody = 'bodyMode' in body && body.bodyMode !== 'text' && body.bodyMode !== 'file'
  return {
    ok: true,
    title: titleOf(chosen, address),
    left: [...new Set(left)],
    params: {
      method: chosen,
      url: address,
      ...(Object.keys(query).length > 0 ? { query } : {}),
      headers: Object.fromEntries(kept.filter(([key]) => !(withBody && /^content-type$/i.test(key)))),
      ...body,
    },
  }
}

function bodyOf(texts: readonly string[], headers: readonly [string, string][], isForm: boolean): Record<string, Json> {
  const type = headers.find(([key]) => /^content-type$/i.test(key))?.[1].toLowerCase() ?? ''
  const whole = texts.join('&')
  if (!isForm && (type.includes('json') || /^\s*[[{]/.test(whole))) {
    // Numbers with more digits than are exact would be others.
    const read = /\d{16}/.test(whole) ? null : readJson(whole)
    return read?.ok ? { bodyMode: 'json', bodyJson: read.value } : { bodyMode: 'text', bodyText: whole }
  }
  if (isForm || type === '' || type.includes('form-urlencoded')) {
    const pairs = whole.includes('=') && !/^\s*</.test(whole) ? pairsOf(texts) : []
    if (pairs.length > 0) return { bodyMode: 'form', bodyFields: pairs.map(([name, value]) => ({ name, value })) }
  }
  return { bodyMode: 'text', bodyText: whole }
}

function pairsOf(texts: readonly string[]): [string, string][] {
  return texts
    .flatMap((text) => text.split('&'))
    .filter((pair) => pair !== '' && !pair.startsWith('='))
    .map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      return [decoded(name), decoded(value)]
    })
}

function decoded(text: string) {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '))
  } catch {
    return text
  }
}

/** `name=text` as it is sent; a text alone has no name. */
function encodedPair(text: string): string {
  const [, name, sign, value = ''] = /^([^=@]*)([=@])(.*)$/s.exec(text) ?? []
  if (sign === undefined) return encodeURIComponent(text.toWellFormed())
  if (sign === '@') return '@'
  return name === '' ? encodeURIComponent(value.toWellFormed()) : `${name}=${encodeURIComponent(value.toWellFormed())}`
}

function splitQuery(url: string): { address: string; search: string } {
  const [address = '', search = ''] = url.split(/\?(.*)/s)
  return { address, search: search.split('#')[0] ?? '' }
}

/** A name that stands there several times has a list. */
function queryOf(pairs: readonly [string, string][]): Record<string, string | string[]> {
  const query = new Map<string, string | string[]>()
  for (const [name, value] of pairs) {
    const known = query.get(name)
    query.set(name, known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value])
  }
  return Object.fromEntries(query)
}

function headerOf(text: string): [string, string] {
  const at = text.indexOf(':')
  return at < 1 ? ['', ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

function titleOf(method: string, address: string) {
  const last = address
    .replace(/^https?:\/\//i, '')
    .split('/')
    .filter(Boolean)
    .slice(1)
    .at(-1)
  const host = address.replace(/^https?:\/\//i, '').split(/[/:]/)[0]
  return `${method} ${last ?? host}`.slice(0, 60)
}

/** A name, and what stands in the same word as its value. */
type Option = [name: string, inline: string | null]

/** `--name=value`, `-Xvalue`, and letters together as in `-sSX`. */
function optionsOf(word: string): Option[] {
  const long = /^(--[a-z-]+)=(.*)$/s.exec(word)
  if (long) return [[long[1] as string, long[2] as string]]
  if (!/^-[A-Za-z]./s.test(word)) return [[word, null]]
  const options: Option[] = []
  for (let at = 1; at < word.length; at++) {
    const letter = word[at] as string
    const inline = lettersWithValue.includes(letter) && at + 1 < word.length ? word.slice(at + 1) : null
    options.push([`-${letter}`, inline])
    if (inline !== null) break
  }
  return options
}

const named: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', e: '\u001b', f: '\f', v: '\v' }
/** What a backslash says in `$'…'`: a byte in octal or hexadecimal digits, or a sign by its number. */
const numbered = /^(?:([0-7]{1,3})|x([\da-fA-F]{1,2})|u([\da-fA-F]{1,4})|U([\da-fA-F]{1,8}))/

/** The text of a `$'…'` and where it ends; null where its bytes are no text. */
function readEscaped(text: string, from: number): { word: string; end: number } | 'open' | 'binary' {
  const bytes: number[] = []
  const add = (part: string) => bytes.push(...new TextEncoder().encode(part))
  for (let at = from; at < text.length; at++) {
    const letter = String.fromCodePoint(text.codePointAt(at) as number)
    if (letter === "'") {
      try {
        return { word: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes)), end: at }
      } catch {
        return 'binary'
      }
    }
    if (letter !== '\\') {
      add(letter)
      at += letter.length - 1
      continue
    }
    const [all, octal, hex, short, long] = numbered.exec(text.slice(at + 1, at + 10)) ?? []
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff)
    else if (hex !== undefined) bytes.push(Number.parseInt(hex, 16))
    else if (all !== undefined) {
      const sign = Number.parseInt(short ?? long ?? '', 16)
      if (sign > 0x10ffff) return 'binary'
      add(String.fromCodePoint(sign))
    } else add(named[text[at + 1] ?? ''] ?? text[at + 1] ?? '')
    at += all?.length ?? 1
  }
  return 'open'
}

/** Words as a shell reads them: quotes, `$'…'`, backslashes and lines that go on. Says where a quote is left open, or what is no text. */
function splitWords(text: string): string[] | 'open' | 'binary' {
  const words: string[] = []
  let word: string | null = null
  let quote: "'" | '"' | null = null
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] as string
    if (quote === null) {
      if (letter === '\\' || letter === '^') {
        const next = text[at + 1]
        if (next === '\n' || next === '\r') {
          at += next === '\r' && text[at + 2] === '\n' ? 2 : 1
          continue
        }
        if (letter === '\\' && next !== undefined) {
          word = (word ?? '') + next
          at++
          continue
        }
      }
      if (/\s/.test(letter)) {
        if (word !== null) words.push(word)
        word = null
      } else if (letter === "'" || letter === '"') {
        quote = letter
        word ??= ''
      } else if (letter === '$' && text[at + 1] === "'") {
        const read = readEscaped(text, at + 2)
        if (typeof read === 'string') return read
        word = (word ?? '') + read.word
        at = read.end
      } else word = (word ?? '') + letter
      continue
    }
    if (letter === quote) quote = null
    else if (letter === '\\' && quote !== "'") {
      const next = text[++at] ?? ''
      word += '"\\$`'.includes(next) ? next : next === '\n' ? '' : `\\${next}`
    } else word += letter
  }
  if (quote !== null) return 'open'
  if (word !== null) words.push(word)
  return words.some((one) => one.includes('\u0000')) ? 'binary' : words
}
