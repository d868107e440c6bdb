import { describe, expect, it } from 'vitest'
import { graphOf, idOf } from '@/tests/support/plan-of'
import type { DraftResult } from './editor-context'
import { iterationIn, loopOf, shownIteration, withIteration } from './iteration-of'

const graph = graphOf('start -> each', {
  start: { type: 'trigger.manual' },
  each: { type: 'flow.for_each' },
  guard: { type: 'flow.try', parent: 'each' },
  send: { type: 'data.set', parent: 'guard' },
})
const each = idOf('each')
const result = (key: string, path?: string): Pick<DraftResult, 'nodeId' | 'iteration'> => ({
  nodeId: idOf(key),
  ...(path ? { iteration: { runId: 'run_1', path, index: null, total: null } } : {}),
})
const mapOf = (results: ReturnType<typeof result>[]) => new Map(results.map((one) => [one.nodeId, one]))

describe('an item of a loop', () => {
  it('is that of the innermost container which hands out items', () => {
    expect(loopOf(graph, idOf('send'))).toBe(each)
    expect(loopOf(graph, each)).toBeNull()
  })

  it('is told by the path of a step in it, however often it was tried', () => {
    expect(iterationIn(`${each}/3/guard/body/send`, each)).toBe(3)
    expect(iterationIn(`${each}/3.1/send`, each)).toBe(3)
    expect(iterationIn('send', each)).toBeNull()
    expect(shownIteration(mapOf([result('start'), result('send', `${each}/2/send`)]), each)).toBe(2)
  })

  it('takes the place of the one that is shown, also where a step did not run', () => {
    const shown = mapOf([result('start'), result('send', `${each}/0/send`), result('guard', `${each}/0/guard`)])
    const other = result('guard', `${each}/1/guard`)
    expect([...withIteration(shown, each, [other]).values()]).toEqual([result('start'), other])
  })
})
