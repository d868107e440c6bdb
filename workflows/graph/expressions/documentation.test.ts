import { expect, test } from 'vitest'
import { functionTable, previewTemplate } from './index'
import { scopeOf } from './test-scope'

test.each(functionTable.map((doc) => [`${doc.of} ${doc.signature}`, doc] as const))(
  'the example of %s gives what its page says',
  (_, doc) => {
    expect(previewTemplate(`{{ ${doc.example.expression} }}`, scopeOf())).toEqual({ ok: true, value: doc.example.result })
  },
)

test('every function has words and a name of its own', () => {
  const names = functionTable.map((doc) => `${doc.of} ${doc.name}`)
  expect(new Set(names).size).toBe(names.length)
  for (const doc of functionTable) expect(doc.summary, doc.name).toMatch(/^.{5,}[.]$/)
})
