import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type FunctionDoc, functionTable } from '../workflows/graph/expressions'

const root = path.resolve(import.meta.dirname, '..')
const target = path.join(root, 'docs', 'expressions.md')

const groups: readonly { title: string; of: FunctionDoc['of']; wants?: RegExp; not?: RegExp }[] = [
  { title: 'Choosing between values', of: 'global', wants: /^\$/ },
  {
    title: 'Values, JSON and encodings',
    of: 'global',
    not: /^(\$|Math\.|Number\b|Object\.|(now|today|date|parseDate|duration|Date\.now)$)/,
  },
  { title: 'Text', of: 'text' },
  { title: 'Patterns', of: 'pattern' },
  { title: 'Numbers', of: 'number' },
  { title: 'True and false', of: 'boolean' },
  { title: 'Number and Math', of: 'global', wants: /^(Math\.|Number\b)/ },
  { title: 'Lists', of: 'list' },
  { title: 'Objects', of: 'global', wants: /^Object\./ },
  { title: 'Where dates and durations come from', of: 'global', wants: /^(now|today|date|parseDate|duration|Date\.now)$/ },
  { title: 'Dates', of: 'date' },
  { title: 'Durations', of: 'duration' },
]

/** docs/expressions.md: what expressions are, and the function table with its examples. */
export function expressionDocs(): string {
  const words = readFileSync(path.join(root, 'workflows', 'graph', 'expressions', 'docs.md'), 'utf8').trim()
  const parts = [
    '# Expressions',
    '',
    '<!-- Written by `node scripts/run.mjs scripts/expression-docs.ts` from workflows/graph/expressions/docs.md and its function table. -->',
    '',
    words,
    '',
    '## Functions',
    '',
    'Every example runs as a test.',
    '',
  ]
  for (const { title, of, wants, not } of groups) {
    const those = functionTable.filter((doc) => doc.of === of && (wants?.test(doc.name) ?? true) && !not?.test(doc.name))
    parts.push(`### ${title}`, '', '| | what it gives | example |', '|---|---|---|', ...those.map(row), '')
  }
  return `${parts.join('\n').trimEnd()}\n`
}

function row({ of, signature, summary, example }: FunctionDoc): string {
  const name = of === 'global' ? signature : `.${signature}`
  return `| ${code(name)} | ${summary.replaceAll('|', '\\|').replaceAll('<', '&lt;')} | ${code(example.expression)} → ${code(JSON.stringify(example.result))} |`
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|').replaceAll('`', "'")}\``
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!process.argv.includes('--check')) {
    writeFileSync(target, expressionDocs())
    console.log(`wrote ${path.relative(root, target)}`)
  } else if (readFileSync(target, 'utf8') !== expressionDocs()) {
    console.error('docs/expressions.md is out of step. Run node scripts/run.mjs scripts/expression-docs.ts and commit it.')
    process.exit(1)
  }
}
