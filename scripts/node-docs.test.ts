import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { nodeDocs } from './node-docs'

it('docs/nodes.md says what the definitions and their docs say; else run scripts/node-docs.ts', () => {
  expect(readFileSync(path.resolve(import.meta.dirname, '..', 'docs', 'nodes.md'), 'utf8')).toBe(nodeDocs())
})
