import { describe, expect, it } from 'vitest'
import type { GraphNode, Json } from '../../graph/schema'
import { flowStop } from './definition'
import { stopOf } from './stop'

const stop = (params: unknown, input: Json = null) => stopOf(flowStop.params.parse(params), input)

describe('stop', () => {
  it('says its message and kind, and leads nowhere', () => {
    expect(stop({ message: 'No customer', class: 'bad_data' })).toEqual({
      end: 'failed',
      error: { class: 'bad_data', code: 'stop', message: 'No customer' },
    })
    expect(flowStop.ports.out).toEqual([])
  })
  it('ends the run as done with what was named, or with its input', () => {
    expect(stop({ end: 'succeed' }, { a: 1 })).toEqual({ end: 'succeeded', output: { a: 1 } })
    expect(stop({ end: 'succeed', output: null }, { a: 1 })).toEqual({ end: 'succeeded', output: null })
  })
  it('needs a message to fail, and still has one where an expression gives nothing', () => {
    const problems = (params: Record<string, Json>) => flowStop.check?.(params, {} as GraphNode).map((one) => one.pointer)
    expect(problems({ message: ' ' })).toEqual(['/params/message'])
    expect(problems({ end: 'succeed' })).toEqual([])
    expect(stop({ message: ' ' })).toMatchObject({ error: { message: 'The run was stopped.' } })
  })
})
