import { describe, expect, it } from 'vitest'
import { compile } from '../../graph/compile'
import { graph } from '../../graph/test-graph'
import { catalogue } from '../catalogue'

describe('a group', () => {
  it('changes nothing about the run of what stands in it', () => {
    const nodes = { start: { type: 'trigger.manual' }, loop: { type: 'flow.for_each' }, a: { parent: 'loop' } }
    const plain = compile(graph('start -> loop; a -> b', { ...nodes, b: { parent: 'loop' } }), catalogue)
    const grouped = compile(
      graph('start -> loop; a -> b', {
        ...nodes,
        a: { parent: 'loop', group: 'box' },
        b: { parent: 'loop', group: 'box' },
        box: { type: 'note.group', parent: 'loop' },
      }),
      catalogue,
    )
    expect(plain.ok && grouped.ok && grouped.plan.hash === plain.plan.hash).toBe(true)
  })
})
