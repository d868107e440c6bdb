import { describe, expect, it } from 'vitest'
import { foreignNames, withCodeHint } from './code-hints'
import { codeJavascript } from './code-javascript/definition'
import { NodeError } from './errors'

const threw = (message: string) => new NodeError({ class: 'bad_data', code: 'code.threw', message, hint: 'Look at the code.' })
const hintOf = (error: unknown) => (error as NodeError).step.hint

describe('a name that code does not have', () => {
  it.each([
    ['return steps.fetch.body', ['steps']],
    ["return $('fetch').first()", ['$']],
    ['return $input.all()', ['$input']],
    ['const a = await fetch(url)', ['fetch']],
    ["const _ = require('lodash'); setTimeout(() => 1, 5)", ['require', 'setTimeout']],
    ['return values.steps.map(s => s.id)', []],
    ['const steps = values.steps; return steps.length', []],
    ['const { steps } = values; return steps[0]', []],
    ['return input.list.map((steps) => steps.id)', []],
    ['return input.list.map(steps => steps.id)', []],
    ['// steps.fetch\nreturn "fetch(x)" + \'steps.a\'', []],
    ['return { steps: 1, fetch: input.fetch() }', []],
    ['', []],
  ])('is found in %j', (source, names) => {
    expect(foreignNames(source).map(({ name }) => name)).toEqual(names)
  })
  it('is told before the run, as a warning with what to do', () => {
    expect(codeJavascript.check?.({ source: 'return steps.a.b' }, {} as never)).toMatchObject([
      { pointer: '/params/source', severity: 'warning', message: expect.stringContaining('values.order') },
    ])
  })
  it.each([
    ['javascript', 'The code failed in line 1: ReferenceError: steps is not defined', 'Values'],
    ['javascript', "The code failed: ReferenceError: 'fetch' is not defined", 'no network'],
    ['python', 'The code failed in line 3: NameError: name ‘steps’ is not defined', 'values["order"]'],
    ['python', 'The code failed in line 1: NameError: name ‘json’ is not defined', 'import json'],
    ['javascript', 'The code failed in line 1: ReferenceError: constructor is not defined', 'Look at the code.'],
    ['javascript', 'The code failed in line 1: Error: no', 'Look at the code.'],
  ] as const)('in %s %j comes with what to do', (language, message, hint) => {
    expect(hintOf(withCodeHint(threw(message), language))).toContain(hint)
  })
  it('changes no other failure', () => {
    const error = new Error('steps is not defined')
    expect(withCodeHint(error, 'javascript')).toBe(error)
  })
  it('is found in time, whatever the code looks like', () => {
    for (const piece of ['const fetch(', "'\\", '"\\', '/* ', 'let a ']) foreignNames(piece.repeat(Math.floor(100_000 / piece.length)))
  }, 10_000)
})
