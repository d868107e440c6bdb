import type { Json } from '@/workflows/graph/schema'
import { firstSentence, isUrgent, sentimentOf, strengthOf, wordsOf } from './practice-words'

type Schema = { [key: string]: Json }

/** Of a longer text the beginning is read. */
const mostCharacters = 200_000
/** Characters looked at for all values together: lists in lists may ask for any number of them. */
const mostLookedAt = 20_000_000

interface Source {
  text: string
  root: Schema
  left: number
}

/** A value that fits the JSON Schema, read off the text: a field said by name, then by its kind, then by its words; null once it took too long. */
export function answerBySchema(schema: Json, text: string): Json {
  return fill(schema, '', { text: text.slice(0, mostCharacters), root: isSchema(schema) ? schema : {}, left: mostLookedAt }, 0)
}

function fill(schema: Json, name: string, from: Source, depth: number): Json {
  const { text, root } = from
  from.left -= text.length + 1_000
  if (!isSchema(schema) || depth > 12 || from.left < 0) return null
  if (typeof schema.$ref === 'string') return fill(follow(schema.$ref, root), name, from, depth + 1)
  if (schema.const !== undefined) return schema.const
  if (Array.isArray(schema.enum)) return choose(schema.enum, name, text)
  const [option] =
    ([schema.anyOf, schema.oneOf, schema.allOf].find((list) => Array.isArray(list) && list.length > 0) as Json[] | undefined) ?? []
  if (option !== undefined) return fill(option, name, from, depth + 1)
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type
  if (type === 'object' || isSchema(schema.properties)) {
    const properties = isSchema(schema.properties) ? schema.properties : {}
    return Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, fill(inner, key, from, depth + 1)]))
  }
  if (type === 'array') return list(schema, name, from, depth)
  if (type === 'boolean') return yesOrNo(name, text)
  if (type === 'number' || type === 'integer') return number(schema, name, text, type === 'integer')
  if (type === 'null') return null
  return words(schema, name, text)
}

function list(schema: Schema, name: string, from: Source, depth: number): Json {
  const said = saidInJson(name, from.text)
  const items = schema.items ?? { type: 'string' }
  if (Array.isArray(said)) return said
  const least = typeof schema.minItems === 'number' ? Math.min(schema.minItems, 100) : 1
  return Array.from({ length: Math.max(1, least) }, () => fill(items, name.replace(/s$/, ''), from, depth + 1))
}

const levels = ['none', 'low', 'medium', 'high', 'critical']

function choose(options: readonly Json[], name: string, text: string): Json {
  const said = saidInJson(name, text)
  if (said !== undefined && options.includes(said)) return said
  const mood = sentimentOf(text)
  const byMood = options.find((option) => option === mood)
  if (byMood !== undefined) return byMood
  const scored = options.map((option) => (typeof option === 'string' ? strengthOf(option, text) : 0))
  const best = Math.max(...scored)
  if (best > 0) return options[scored.indexOf(best)] ?? null
  const wanted = isUrgent(text) ? ['critical', 'high'] : mood === 'negative' ? ['high', 'medium'] : ['low', 'medium']
  if (options.some((option) => levels.includes(String(option).toLowerCase()))) {
    const level = wanted.map((one) => options.find((option) => String(option).toLowerCase() === one)).find((one) => one !== undefined)
    if (level !== undefined) return level
  }
  return options.find((option) => /^(other|unknown|neutral|general)$/i.test(String(option))) ?? options[0] ?? null
}

function yesOrNo(name: string, text: string): boolean {
  const said = saidInJson(name, text)
  if (typeof said === 'boolean') return said
  if (/urgent|escalat|priority/i.test(name)) return isUrgent(text)
  if (/approv|accept|ok|allow|qualif|happy|positive|publish/i.test(name)) return sentimentOf(text) !== 'negative'
  if (/complain|problem|negative|risk/i.test(name)) return sentimentOf(text) === 'negative'
  return strengthOf(name.replace(/^(is|has|needs)/i, ''), text) > 0
}

function number(schema: Schema, name: string, text: string, whole: boolean): number {
  const least = typeof schema.minimum === 'number' ? schema.minimum : Number.NEGATIVE_INFINITY
  const most = typeof schema.maximum === 'number' ? schema.maximum : Number.POSITIVE_INFINITY
  const value = saidNumber(name, text) ?? (/score|rating|confidence|probability/i.test(name) ? score(text, least, most) : firstNumber(text))
  const bounded = Math.min(Math.max(value, least), most)
  return whole ? Math.round(bounded) : bounded
}

function score(text: string, least: number, most: number): number {
  const low = Number.isFinite(least) ? least : 0
  const high = Number.isFinite(most) ? most : 1
  return low + { positive: 0.9, neutral: 0.5, negative: 0.1 }[sentimentOf(text)] * (high - low)
}

function firstNumber(text: string): number {
  return toNumber(/-?\d[\d,]*(?:\.\d+)?/.exec(text)?.[0]) ?? 0
}

function saidNumber(name: string, text: string): number | null {
  const said = saidInJson(name, text)
  if (typeof said === 'number') return said
  for (const word of wordsOf(name)) {
    const found = new RegExp(`\\b${word}\\b[^\\d\\n-]{0,20}(-?\\d[\\d,]*(?:\\.\\d+)?)`, 'i').exec(text)
    if (found) return toNumber(found[1])
  }
  return null
}

function toNumber(text: string | undefined): number | null {
  const value = text === undefined ? Number.NaN : Number(text.replaceAll(',', ''))
  return Number.isFinite(value) ? value : null
}

function words(schema: Schema, name: string, text: string): string {
  const said = saidInJson(name, text)
  if (typeof said === 'string' || typeof said === 'number') return String(said)
  if (schema.format === 'email' || /e-?mail/i.test(name)) return /[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{0,190}\w/.exec(text)?.[0] ?? ''
  if (schema.format === 'uri' || /url|link|website/i.test(name)) return /https?:\/\/[^\s"'<>)]+/.exec(text)?.[0] ?? ''
  if (schema.format === 'date' || /date/i.test(name)) return /\d{4}-\d\d-\d\d/.exec(text)?.[0] ?? ''
  if (/sentiment|mood|tone/i.test(name)) return sentimentOf(text)
  if (/urgency|priority/i.test(name)) return isUrgent(text) ? 'high' : 'low'
  if (/^id$|(_i|I)d$|number$|code$/.test(name)) return /\b(?=[\w-]{0,64}\d)[A-Za-z0-9][\w-]{2,80}\b/.exec(text)?.[0] ?? ''
  const line = lineFor(name, text)
  if (line) return line
  const cut = firstSentence(text, typeof schema.maxLength === 'number' ? Math.max(1, Math.min(200, schema.maxLength)) : 200)
  return /summary|reason|explanation|answer|reply|text|description|comment/i.test(name) ? `Practice: ${cut}` : cut
}

/** `Company: Harbour Fittings` on a line of its own. */
function lineFor(name: string, text: string): string | null {
  const label = wordsOf(name).join('[\\s_-]*')
  if (label === '') return null
  return new RegExp(`(?:^|\\n|[.;,!?]\\s)\\s{0,20}${label}\\s{0,20}[:=]\\s{0,20}([^\\n;,]+)`, 'i').exec(text)?.[1]?.trim() || null
}

/** The value of a field of that name in any JSON that stands in the text. */
function saidInJson(name: string, text: string): Json | undefined {
  if (name === '') return undefined
  for (const value of jsonIn(text)) {
    const found = findField(value, name.toLowerCase(), 0)
    if (found !== undefined) return found
  }
  return undefined
}

function jsonIn(text: string): Json[] {
  const whole = [text, ...text.split('\n')].flatMap(parse)
  if (whole.length > 0) return whole
  const start = text.indexOf('{')
  const end = text.lastIndexOf('}')
  return start >= 0 && end > start ? parse(text.slice(start, end + 1)) : []
}

function parse(text: string): Json[] {
  if (!/^\s*[{[]/.test(text)) return []
  try {
    return [JSON.parse(text) as Json]
  } catch {
    return []
  }
}

function findField(value: Json, name: string, depth: number): Json | undefined {
  if (typeof value !== 'object' || value === null || depth > 8) return undefined
  const entries: [string, Json][] = Array.isArray(value) ? value.map((item, index) => [String(index), item]) : Object.entries(value)
  const own = entries.find(([key]) => key.toLowerCase() === name)
  if (own) return own[1]
  for (const [, child] of entries) {
    const found = findField(child, name, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

function follow(ref: string, root: Schema): Json {
  let value: Json = root
  for (const part of ref.replace(/^#\/?/, '').split('/')) {
    if (part === '') continue
    if (!isSchema(value) || !Object.hasOwn(value, part)) return {}
    value = value[part] ?? {}
  }
  return value
}

function isSchema(value: Json | undefined): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
