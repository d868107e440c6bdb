import { describe, expect, it } from 'vitest'
import { triggerSubWorkflow } from './definition'

describe('a call by a workflow', () => {
  it('comes from the same project and takes anything unless it says otherwise', () => {
    expect(triggerSubWorkflow.params.parse({})).toEqual({ callers: 'project' })
  })
  it('says which part of its schema cannot be used', () => {
    const input = { type: 'object', properties: { a: { type: 'text' } } }
    expect(triggerSubWorkflow.check?.({ input }, {} as never)).toMatchObject([{ pointer: '/params/input/properties/a/type' }])
  })
})
