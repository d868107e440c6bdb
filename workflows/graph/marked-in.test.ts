import { describe, expect, it } from 'vitest'
import { graphOf, idOf } from '../../tests/support/plan-of'
import { compile } from './compile'
import { forgottenIn, markedIn } from './marked-in'

const step = (more: object = {}) => ({ type: 'data.set', ...more })
const marked = { settings: { sensitive: true } }

describe('what a marked step marks', () => {
  it('is nothing where none is marked', () => {
    expect(markedIn(graphOf('a -> b', { a: step(), b: step() }))).toEqual([])
  })

  it('is itself and all that follows, but not what came before', () => {
    const graph = graphOf('a -> b -> c; a -> d', { a: step(), b: step(marked), c: step(), d: step() })
    expect(markedIn(graph)).toEqual([idOf('b'), idOf('c')])
  })

  it('is also the container around it, which gives its values, and what follows that', () => {
    const graph = graphOf('start -> loop -> last; inside -> next', {
      start: { type: 'trigger.manual' },
      loop: { type: 'flow.for_each' },
      inside: step({ parent: 'loop', ...marked }),
      next: step({ parent: 'loop' }),
      last: step(),
    })
    expect(markedIn(graph)).toEqual(['inside', 'last', 'loop', 'next'].map(idOf).sort())
  })

  it('is also what stands in a container that follows', () => {
    const graph = graphOf('secret -> loop', {
      secret: step(marked),
      loop: { type: 'flow.for_each' },
      within: step({ parent: 'loop' }),
      apart: step(),
    })
    expect([...forgottenIn(graph)].sort()).toEqual(['loop', 'secret', 'within'].map(idOf))
  })

  it('is not kept for later runs, and whoever asked for that is told', () => {
    const ask = { type: 'http.request', params: { url: 'https://x.test' }, settings: { cache: { forMs: 60_000 } } }
    const compiled = compile(
      graphOf('start -> before -> secret -> after -> loop', {
        start: { type: 'trigger.manual' },
        before: ask,
        secret: step(marked),
        after: ask,
        loop: { type: 'flow.for_each' },
        within: { ...ask, parent: 'loop' },
      }),
    )
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
    const kept = [...compiled.plan.nodes.values()].filter(({ settings }) => settings.cache).map(({ node }) => node.key)
    expect(kept).toEqual(['before'])
    expect(compiled.warnings.filter(({ code }) => code === 'setting.forgotten').map(({ nodeId }) => nodeId)).toEqual(
      ['after', 'within'].map(idOf),
    )
  })
})
