import { describe, expect, it } from 'vitest'
import { graphOf, idOf } from '../../tests/support/plan-of'
import { catalogue } from '../nodes/catalogue'
import { planTest } from './plan-test'
import { standingOf } from './stopped-at'

const set = { type: 'data.set' }
const graph = graphOf('start -> limit; limit.true -> small -> join; limit.false -> large -> join; join -> after; other -> lone', {
  start: { type: 'trigger.manual' },
  limit: { type: 'flow.if', params: { conditions: [{ left: '1', operator: 'equals', right: '1' }] } },
  small: set,
  large: set,
  join: { type: 'flow.merge' },
  after: set,
  other: { type: 'trigger.webhook' },
  lone: set,
})
const names = (ids: Iterable<string>) => [...ids].map((id) => id.replace(/_+$/, '')).sort()
const standing = (taken: Record<string, string>) =>
  standingOf(graph, new Map(Object.entries(taken).map(([key, port]) => [idOf(key), port])), catalogue)

describe('how far a test has come', () => {
  it('is where everything before is settled and something came in', () => {
    expect(names(standing({ start: 'main' }).next)).toEqual(['limit'])
    const { next, passedBy } = standing({ start: 'main', limit: 'true' })
    expect(names(next)).toEqual(['small'])
    expect(names(passedBy)).toEqual(['large', 'lone', 'other'])
    expect(names(standing({ start: 'main', limit: 'true', small: 'main' }).next)).toEqual(['join'])
  })
  it('goes through what is switched off', () => {
    const off = {
      ...graph,
      nodes: graph.nodes.map((node) => (node.key === 'small' ? { ...node, settings: { ...node.settings, disabled: true } } : node)),
    }
    expect(
      names(
        standingOf(
          off,
          new Map([
            [idOf('start'), 'main'],
            [idOf('limit'), 'true'],
          ]),
          catalogue,
        ).next,
      ),
    ).toEqual(['join'])
  })
  it('is at its end where nothing is next', () => {
    expect(standing({ start: 'main', limit: 'true', small: 'main', join: 'main', after: 'main' }).next).toEqual([])
  })
})

describe('a test that is to stop', () => {
  const plan = (stopBefore: string[], instead: { nodeId: string; output?: number }[] = []) => {
    const planned = planTest(graph, { nodeId: idOf('start'), mode: 'all', stopBefore: stopBefore.map(idOf), instead }, [], catalogue)
    if (!planned.ok) throw new Error(planned.reason)
    return names(planned.plan.runs)
  }
  it('runs nothing of what it stops before, nor what comes after that', () => {
    expect(plan(['small'])).toEqual(['large', 'limit', 'lone'])
    expect(plan(['after', 'lone'])).toEqual(['join', 'large', 'limit', 'small'])
  })
  it('goes on from what it has', () => {
    expect(plan(['after'], [{ nodeId: idOf('limit'), output: 1 }])).toEqual(['join', 'large', 'lone', 'small'])
  })
  it('leaves out what stands in a container it stops before, and the tools of an agent', () => {
    const other = graphOf('start -> loop -> agent; lookup => agent', {
      start: { type: 'trigger.manual' },
      loop: { type: 'flow.for_each' },
      inside: { ...set, parent: 'loop' },
      agent: { type: 'ai.agent' },
      lookup: { type: 'http.request' },
    })
    const of = (id: string) => {
      const planned = planTest(other, { nodeId: idOf('start'), mode: 'all', stopBefore: [idOf(id)] }, [], catalogue)
      return planned.ok ? names(planned.plan.graph.nodes.map((node) => node.id)) : []
    }
    expect(of('loop')).toEqual(['start'])
    expect(of('agent')).toEqual(['inside', 'loop', 'start'])
  })
})
