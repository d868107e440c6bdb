import { NodeError } from './errors'

const values = 'Code reads earlier steps through “Values”: add order = {{ steps.fetch.body }} there and write values.order.'
const noNetwork = 'Code has no network: call the service with an HTTP request before it and read the answer as input.'
const noTimers = 'Code has no timers: put a Wait step before or behind it.'
const noModules = 'Code has no modules to load; the language itself is all there is.'
const input = 'Write input, which is what came in. Code reads input, trigger, vars and values.'

/** Names that people know from elsewhere and that code does not have, with what to do instead. */
const javascript: Readonly<Record<string, string>> = {
  steps: values,
  $node: values,
  $: values,
  $input: input,
  $json: input,
  $vars: 'Write vars.<name>.',
  $env: 'Code has no environment. Keep what it needs in a variable and read vars.<name>.',
  process: 'Code has no environment. Keep what it needs in a variable and read vars.<name>.',
  require: noModules,
  fetch: noNetwork,
  axios: noNetwork,
  XMLHttpRequest: noNetwork,
  setTimeout: noTimers,
  setInterval: noTimers,
  Buffer: 'Use the expressions base64Encode() and base64Decode() in a value, or the steps “Hash” and “Random value”.',
  DateTime: 'Use Date, or work the date out in a value: day = {{ now.toISODate() }}.',
  moment: 'Use Date, or work the date out in a value: day = {{ now.toISODate() }}.',
  $now: 'Use new Date(), or a value: at = {{ now.toISO() }}.',
}

const python: Readonly<Record<string, string>> = {
  steps: values.replace('values.order', 'values["order"]'),
  _input: input,
  _json: input,
  items: input,
  json: 'Write import json first.',
  datetime: 'Write import datetime first.',
  math: 'Write import math first.',
  re: 'Write import re first.',
}

type CodeLanguage = 'javascript' | 'python'
const known: Record<CodeLanguage, Readonly<Record<string, string>>> = { javascript, python }

/** The failure with what to do about a name that is not there. */
export function withCodeHint(error: unknown, language: CodeLanguage): unknown {
  if (!(error instanceof NodeError) || error.step.code !== 'code.threw') return error
  const name = /['‘"]?([\w$]+)['’"]? is not defined/.exec(error.step.message)?.[1]
  const hint = name === undefined ? undefined : hintFor(name, language)
  return hint === undefined ? error : new NodeError({ ...error.step, hint }, { logs: error.logs })
}

/** What JavaScript names and does not have, before it runs; names that it makes itself are its own. Linear: a quote left open ends with its line. */
export function foreignNames(source: string): { name: string; hint: string }[] {
  const code = source.replace(
    /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|'(?:\\.|[^'\\\n])*(?:'|\\?$|\\?(?=\n))|"(?:\\.|[^"\\\n])*(?:"|\\?$|\\?(?=\n))/g,
    ' ',
  )
  return Object.keys(javascript).flatMap((name) => {
    const escaped = name.replaceAll('$', '\\$')
    const used = new RegExp(`(?<![\\w$.])${escaped}(?![\\w$:])\\s*${name === '$' ? '\\(' : '[.([]'}`).test(code)
    const made = new RegExp(
      `\\b(?:const|let|var|function|class)\\b[^=;]{0,500}(?<![\\w$])${escaped}(?![\\w$])|(?<![\\w$.])${escaped}\\s*=>|[(,]\\s*${escaped}\\s*[,)=]`,
    ).test(code)
    const hint = hintFor(name, 'javascript')
    return used && !made && hint !== undefined ? [{ name, hint }] : []
  })
}

function hintFor(name: string, language: CodeLanguage): string | undefined {
  const hints = known[language]
  return Object.hasOwn(hints, name) ? hints[name] : undefined
}
