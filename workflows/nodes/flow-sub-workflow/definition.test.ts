import { describe, expect, it } from 'vitest'
import { childOf } from './child'
import { flowSubWorkflow } from './definition'

const workflow = `wf_${'0'.repeat(32)}`

describe('a sub-workflow', () => {
  it('gets what came in when nothing else is said, and is waited for', () => {
    expect(childOf(flowSubWorkflow.params.parse({ workflow }), { n: 1 })).toEqual({
      workflowId: workflow,
      version: 'live',
      input: { n: 1 },
      wait: true,
    })
  })
  it('runs the version that has a tag', () => {
    const params = flowSubWorkflow.params.parse({ workflow, version: 'tag', versionTag: 'staging' })
    expect(childOf(params, { n: 1 })).toMatchObject({ version: 'staging' })
    expect(flowSubWorkflow.check?.({ workflow, version: 'tag' }, {} as never)).toMatchObject([{ pointer: '/params/versionTag' }])
    expect(flowSubWorkflow.params.safeParse({ workflow, version: 'tag', versionTag: 'not a tag' }).success).toBe(false)
  })
  it('runs a certain version with an input of its own', () => {
    const params = flowSubWorkflow.params.parse({ workflow, version: 'number', versionNumber: 3, input: { a: 1 }, wait: false })
    expect(childOf(params, { n: 1 })).toEqual({ workflowId: workflow, version: 3, input: { a: 1 }, wait: false })
  })
  it('has to be chosen', () => {
    expect(flowSubWorkflow.check?.({}, {} as never)).toMatchObject([{ pointer: '/params/workflow' }])
    expect(flowSubWorkflow.params.safeParse({ workflow: 'Invoices' }).success).toBe(false)
    expect(flowSubWorkflow.check?.({ workflow, version: 'number' }, {} as never)).toMatchObject([{ pointer: '/params/versionNumber' }])
  })
})
