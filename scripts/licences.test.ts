import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { licenceFiles } from './licences'

it('the lists of licences are those of the locked packages', () => {
  for (const [file, text] of Object.entries(licenceFiles()))
    expect(readFileSync(path.resolve(import.meta.dirname, '..', file), 'utf8'), `run: node scripts/run.mjs scripts/licences.ts`).toBe(text)
})

it('every package of the product says its licence', () => {
  expect(Object.values(licenceFiles()).join('')).not.toMatch(/unknown|undefined/)
})
