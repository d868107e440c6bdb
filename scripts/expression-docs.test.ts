import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { functionTable } from '../workflows/graph/expressions'
import { expressionDocs } from './expression-docs'

it('docs/expressions.md says what the function table says; else run scripts/expression-docs.ts', () => {
  expect(readFileSync(path.resolve(import.meta.dirname, '..', 'docs', 'expressions.md'), 'utf8')).toBe(expressionDocs())
})

it('every function stands there once', () => {
  const rows = expressionDocs()
    .split('\n')
    .filter((line) => /^\| `[^`]+` \|.*→/.test(line))
  expect(rows).toHaveLength(functionTable.length)
})
