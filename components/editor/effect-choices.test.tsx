// @vitest-environment jsdom
import { renderHook } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { graphOf, idOf } from '@/tests/support/plan-of'
import type { DraftResult } from './editor-context'
import { useEffectChoices } from './effect-choices'

const graph = graphOf('start -> ask', { start: { type: 'trigger.manual' }, ask: { type: 'people.approval', params: { title: 'Pay?' } } })
const exampleAfter = (results: ReadonlyMap<string, DraftResult>) =>
  renderHook(() => useEffectChoices('wf_1', graph, results, { nodeId: idOf('ask'), mode: 'upTo' })).result.current.exampleFor(idOf('ask'))

describe('what stands for an effect in a test', () => {
  it('begins as what the step gives by its kind, so that only the values are to be typed', () => {
    expect(exampleAfter(new Map())).toMatchObject({ decision: 'approved', by: { name: expect.any(String) } })
  })
  it('begins as the last answer where there is one', () => {
    const declined = { status: 'succeeded', output: { decision: 'declined' } } as unknown as DraftResult
    expect(exampleAfter(new Map([[idOf('ask'), declined]]))).toEqual({ decision: 'declined' })
  })
})
