import variant from '@jitl/quickjs-ng-wasmfile-release-sync'
import fc from 'fast-check'
import { newQuickJSWASMModuleFromVariant, type QuickJSContext } from 'quickjs-emscripten-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Json } from '../schema'
import { previewTemplate } from './index'
import { randomData, randomExpression, wildExpression } from './test-expressions'
import { scopeOf } from './test-scope'

/** Fixed, so that a failure is the same everywhere; another seed looks elsewhere. */
const seed = Number(process.env.EXPRESSION_SEED ?? 2_026)
const numRuns = Number(process.env.EXPRESSION_RUNS ?? 5_000)

let vm: QuickJSContext
beforeAll(async () => {
  vm = (await newQuickJSWASMModuleFromVariant(variant)).newContext()
  vm.unwrapResult(
    vm.evalCode(`
      // The differences that docs.md names, put into QuickJS; whatever else differs is a mistake.
      const asJson = function () { return JSON.stringify(this) }
      Array.prototype.toString = asJson
      Object.prototype.toString = asJson
      RegExp.prototype.toJSON = function () { return String(this) }
      const everywhere = (pattern) =>
        pattern instanceof RegExp && !pattern.global ? new RegExp(pattern.source, pattern.flags + 'g') : pattern
      const { replaceAll, matchAll } = String.prototype
      String.prototype.replaceAll = function (pattern, by) { return replaceAll.call(this, everywhere(pattern), by) }
      String.prototype.matchAll = function (pattern) { return matchAll.call(this, everywhere(pattern)) }
      const { groupBy } = Object
      Object.groupBy = (list, key) => ({ ...groupBy(list, key) })
      globalThis.check = (source, json) => {
        globalThis.input = JSON.parse(json)
        try {
          const value = (0, eval)('(' + source + ')')
          if (typeof value === 'number' && !Number.isFinite(value)) return 'no number'
          return 'value ' + JSON.stringify([value], (_, part) => (typeof part === 'number' && !Number.isFinite(part) ? 'no number' : part))
        } catch (error) { return 'threw ' + error }
      }`),
  ).dispose()
})
afterAll(() => vm.dispose())

function inQuickJs(source: string, input: Json): string {
  const check = vm.getProp(vm.global, 'check')
  const [text, json] = [vm.newString(source), vm.newString(JSON.stringify(input))]
  const answer = vm.unwrapResult(vm.callFunction(check, vm.undefined, text, json))
  const said = vm.getString(answer)
  for (const handle of [check, text, json, answer]) handle.dispose()
  return said
}

function here(source: string, input: Json): { said: string; code: string } {
  const result = previewTemplate(`{{ [${source}] }}`, scopeOf({ input }))
  return result.ok
    ? { said: `value ${JSON.stringify(result.value)}`, code: '' }
    : { said: `threw ${result.problem.message}`, code: result.problem.code }
}

describe('the same text means the same in QuickJS', () => {
  test('whatever the expression and the data', () => {
    let same = 0
    fc.assert(
      fc.property(randomExpression, randomData, (source, data) => {
        const expected = inQuickJs(source, data as Json)
        const { said, code } = here(source, data as Json)
        if (expected.startsWith('threw')) expect(code, `${source}: QuickJS ${expected}`).not.toBe('')
        else if (code === 'expression.not_a_number') expect(expected, source).toContain('no number')
        else {
          expect(said, source).toBe(expected)
          same++
        }
      }),
      { seed, numRuns },
    )
    expect(same).toBeGreaterThan(numRuns * 0.85)
  }, 60_000)
  test('anything called with anything fails here or means the same', () => {
    let same = 0
    fc.assert(
      fc.property(wildExpression, randomData, (source, data) => {
        const { said, code } = here(source, data as Json)
        if (code !== '') {
          expect(code, source).not.toBe('expression.internal')
          return
        }
        const expected = inQuickJs(source, data as Json)
        // A function that only this table has.
        if (expected.includes('not a function')) return
        expect(said, source).toBe(expected)
        same++
      }),
      { seed, numRuns },
    )
    expect(same).toBeGreaterThan(numRuns * 0.2)
  }, 60_000)
})
