import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileMessages } from './compile-messages'

const folder = path.join(process.cwd(), 'messages', 'en')

function objectsIn(value: unknown): object[] {
  if (value === null || typeof value !== 'object') return []
  return [value, ...Object.values(value).flatMap(objectsIn)]
}

describe('compiled messages', () => {
  it.each(readdirSync(folder))('are plain data that a page can be handed: %s', (file) => {
    const compiled = compileMessages(JSON.parse(readFileSync(path.join(folder, file), 'utf8')))
    for (const one of objectsIn(compiled)) expect([Object.prototype, Array.prototype]).toContain(Object.getPrototypeOf(one))
  })
  it('leave a text without arguments as it is', () => {
    expect(compileMessages({ ui: { close: 'Close' } })).toEqual({ ui: { close: 'Close' } })
  })
})
