import { describe, expect, it } from 'vitest'
import { graphOf, idOf } from '@/tests/support/plan-of'
import { shapeOf } from '@/workflows/graph/expressions'
import { applyOperation } from '@/workflows/graph/operations'
import type { Graph } from '@/workflows/graph/schema'
import { validate } from '@/workflows/graph/validate'
import { fixOf } from './fix-of'

const start = { type: 'trigger.manual' }
const set = (value: string) => ({ type: 'data.set', params: { fields: [{ name: 'a', value }] } })
const around = { credentials: [{ id: 'cred_1', name: 'Team key', type: 'webhook.bearer' }] }

/** Applies the fix of the first problem with this code; gives what is wrong afterwards. */
function mended(graph: Graph, code: string) {
  const surroundings = { credentials: new Map(around.credentials.map((one) => [one.id, { type: one.type }])) }
  const problem = validate(graph, undefined, surroundings).find((one) => one.code === code)
  if (!problem) throw new Error(`there is no problem ${code}`)
  const fix = fixOf(problem, graph, around)
  if (!fix) throw new Error(`there is no fix for ${code}`)
  const result = applyOperation(graph, fix.operation)
  if (!result.ok) throw new Error(result.problem.message)
  return { fix, codes: validate(result.value, undefined, surroundings).map((one) => one.code) }
}

describe('the fix of a problem', () => {
  it.each([
    ['expression.unknown_step', 'readStep', graphOf('start -> fetch -> end', { start, fetch: set('1'), end: set('{{ steps.fetsh.a }}') })],
    ['expression.unknown_name', 'ownWords', graphOf('start -> end', { start, end: set('={{ $json.name }}') })],
    [
      'expression.unknown_function',
      'ownWords',
      graphOf('start -> fetch -> end', { start, fetch: set('1'), end: set("{{ $('fetch').item.json.a }}") }),
    ],
    ['expression.own_output', 'readInput', graphOf('start -> end', { start, end: set(`{{ steps.$${idOf('end')}.a }}`) })],
    ['http.url', 'https', graphOf('start -> call', { start, call: { type: 'http.request', params: { url: 'api.example.com/x' } } })],
    ['node.error_port_unused', 'failRun', graphOf('start -> end', { start, end: { ...set('1'), settings: { onError: 'port' } } })],
    ['node.unknown_type', 'remove', graphOf('start -> end', { start, end: { type: 'fax.send' } })],
    ['param.required', 'useCredential', graphOf('hook', { hook: { type: 'trigger.webhook', params: { auth: 'bearer' } } })],
  ] as const)('of %s makes it go away and brings no other', (code, kind, graph) => {
    const { fix, codes } = mended(graph, code)
    expect(fix.kind).toBe(kind)
    expect(codes).not.toContain(code)
  })

  it.each([
    ['{{ input.totl }} and {{ input.total }}', '{{ input.total }} and {{ input.total }}', 'total'],
    ["{{ input['totl'] }}", '{{ input["total"] }}', '"total"'],
    [`{{ steps.$${idOf('start')}.totl }}`, `{{ steps.$${idOf('start')}.total }}`, 'total'],
  ])('of a misspelt field in %s writes the one that is there', (written, after, name) => {
    const graph = graphOf('start -> end', { start, end: set(written) })
    const shapes = new Map([[idOf('start'), shapeOf({ total: 3 })]])
    const problem = validate(graph, undefined, { shapes }).find((one) => one.code === 'expression.unknown_field')
    const fix = problem && fixOf(problem, graph)
    expect(fix).toMatchObject({ kind: 'useField', name, operation: { after } })
    const typedOn = graphOf('start -> end', { start, end: set(`So: ${written}`) })
    expect(problem && fixOf(problem, typedOn)).toBeNull()
  })

  it('is not guessed where there are several', () => {
    const graph = graphOf('hook', { hook: { type: 'trigger.webhook', params: { auth: 'bearer' } } })
    const problem = validate(graph).find((one) => one.code === 'param.required')
    const two = { credentials: [...around.credentials, { id: 'cred_2', name: 'Other', type: 'webhook.secret' }] }
    expect(problem && fixOf(problem, graph, two)).toBeNull()
  })
})
