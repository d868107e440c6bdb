import { describe, expect, it } from 'vitest'
import { graphOf, idOf } from '../../tests/support/plan-of'
import { markedIn } from './marked-in'

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
})
