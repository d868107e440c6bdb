import type { z } from 'zod'

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'nothing',
}
const formats: Readonly<Record<string, string>> = {
  email: 'This is not an e-mail address.',
  url: 'This is not a web address.',
  date: 'This is not a date like 2026-03-09.',
  datetime: 'This is not a time like 2026-03-09T14:05:00Z.',
}
const mostNamed = 30

/** What is wrong with a value, for people; what a schema says in words of its own ends with a full stop and stays. */
export function issueSentence(issue: z.core.$ZodIssue): string {
  const { message } = issue
  if (message.endsWith('.')) return message
  switch (issue.code) {
    case 'invalid_type':
      return wrongKind(kinds[issue.expected], /, received (\w+)$/.exec(message)?.[1])
    case 'invalid_value':
      return oneOf(issue.values)
    case 'too_small':
      if (issue.inclusive === false) return `This must be more than ${issue.minimum}.`
      return tooSmall(issue.origin, Number(issue.minimum))
    case 'too_big':
      if (issue.inclusive === false) return `This must be less than ${issue.maximum}.`
      return tooBig(issue.origin, Number(issue.maximum))
    case 'invalid_format':
      return formats[issue.format] ?? 'This is not written as it has to be.'
    case 'unrecognized_keys':
      return `There is no field “${issue.keys[0]}”.`
    case 'not_multiple_of':
      return `This must be a multiple of ${issue.divisor}.`
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options) ? oneOf(issue.options) : 'This is of a kind that is not taken here.'
    default:
      return 'This is not right.'
  }
}

function wrongKind(expected: string | undefined, received: string | undefined): string {
  if (received === 'undefined') return 'This is missing.'
  const given = kinds[received ?? '']
  if (!expected || expected === given) return 'This is of a kind that is not taken here.'
  const isFraction = expected === kinds.int && given === kinds.number
  return given && !isFraction ? `This must be ${expected}, not ${given}.` : `This must be ${expected}.`
}

function oneOf(values: readonly unknown[]): string {
  const named = values.slice(0, mostNamed).map((value) => (typeof value === 'string' ? `“${value}”` : String(value)))
  if (named.length === 1) return `This must be ${named[0]}.`
  if (values.length > mostNamed) named.push('…')
  return `This must be one of ${named.join(', ')}.`
}

function tooSmall(origin: string, least: number): string {
  if (least === 1 && origin !== 'number' && origin !== 'int') return 'This must not be empty.'
  if (origin === 'string') return `This needs at least ${least} characters.`
  return origin === 'array' ? `This needs at least ${least} entries.` : `This must be at least ${least}.`
}

function tooBig(origin: string, most: number): string {
  if (origin === 'string') return `This may have at most ${most} characters.`
  return origin === 'array' ? `This may have at most ${most} entries.` : `This must be at most ${most}.`
}
