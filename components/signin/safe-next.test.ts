import { describe, expect, it } from 'vitest'
import { safeNext } from './safe-next'

describe('the way on after signing in', () => {
  it.each(['/o/a/runs', '/o/a/runs?status=failed&q=%2F%2Fx#top', '/'])('%s is a page of this site', (next) => {
    expect(safeNext(next)).toBe(next)
  })
  it.each([
    ...['https://evil.example', '//evil.example', '/\\evil.example', '\\\\evil.example', 'javascript:alert(1)', ''],
    ...['/\t/evil.example', '/\n/evil.example', '/\r/evil.example', '/\t\\evil.example', '/.//evil.example', '/a/..//evil.example'],
  ])('%j leads nowhere else', (next) => {
    expect(safeNext(next)).toBe('/')
  })
  it('is the first page where none is named, or several', () => {
    expect([safeNext(undefined), safeNext(['/a', '/b'])]).toEqual(['/', '/'])
  })
})
