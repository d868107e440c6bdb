import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draftInMemory, editTogether, field, type Happening, startGraph } from '@/tests/support/edit-together'
import { applyOperation, type Operation } from '@/workflows/graph/operations'
import type { Graph } from '@/workflows/graph/schema'

const page = fc.nat(1)
const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('edit' as const), page, what: fc.nat(30), which: fc.nat(9), value: fc.nat(99) }),
  },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constantFrom('timer' as const, 'arrive' as const, 'answer' as const, 'announce' as const), page }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('lose' as const, 'startAgain' as const, 'cut' as const, 'mend' as const, 'reopen' as const),
      page,
    }),
  },
)

function applied(graph: Graph, operation: Operation): Graph | null {
  const result = applyOperation(graph, operation)
  return result.ok ? result.value : null
}

async function check(happenings: Happening[], oneBrowser: boolean) {
  const { server, log, state } = draftInMemory(startGraph, applied)
  const { pages, storages } = await editTogether(server, happenings, { oneBrowser })
  const replayed = log.reduce<Graph>((graph, { operation }) => applied(graph, operation) as Graph, startGraph)
  expect(replayed).toEqual(state.graph)
  for (const [index, { editor, wrote }] of pages.entries()) {
    const now = editor.getState()
    expect(now.pending).toEqual([])
    expect(now.confirmed.revision).toBe(log.length)
    expect(now.graph).toEqual(state.graph)
    if (wrote !== undefined) expect(field(state.graph, `own${index}`)).toEqual(wrote)
  }
  for (const storage of storages) expect(storage.length).toBe(0)
}

describe('two who edit the same draft', () => {
  it.each([
    ['in two browsers', false],
    ['in two tabs of one browser', true],
  ])('%s, over a network that delays, loses and repeats, come to the server’s order and lose nothing they typed', async (_where, tabs) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyHappening, { maxLength: 80, size: 'max' }), (happenings) => check(happenings, tabs)),
      { numRuns: 250 },
    )
  })
})
