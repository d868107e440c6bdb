import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { applyOperations } from '@/server/services/drafts/apply-operations'
import { getDraftSince } from '@/server/services/drafts/get-draft-since'
import { createWorkflow } from '@/server/services/workflows/create-workflow'
import { getWorkflow } from '@/server/services/workflows/get-workflow'
import { makeOrganization, type TestOrganization } from '@/tests/support/database'
import { type DraftServer, editTogether, field, type Happening, startGraph } from '@/tests/support/edit-together'
import { applyOperation } from '@/workflows/graph/operations'
import type { Graph } from '@/workflows/graph/schema'

const page = fc.nat(1)
const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('edit' as const), page, what: fc.nat(30), which: fc.nat(9), value: fc.nat(99) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('timer' as const, 'arrive' as const, 'answer' as const, 'announce' as const), page }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('lose' as const, 'cut' as const, 'mend' as const, 'reopen' as const), page }),
  },
)

describe('two who edit the same draft', () => {
  let organization: TestOrganization
  let made = 0
  beforeAll(async () => {
    organization = await makeOrganization()
  })

  it('show after any interleaving, cut and resend what Postgres holds, in its order, and a reload shows the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyHappening, { minLength: 10, maxLength: 40, size: 'max' }), async (happenings) => {
        const { caller } = organization
        const { id: workflowId } = await createWorkflow(caller, { name: `Together ${++made}`, description: '', graph: startGraph as never })
        const draftNow = async () => {
          const { draft } = await getWorkflow(caller, { workflowId })
          return { graph: draft.graph, revision: draft.revision }
        }
        const server: DraftServer = {
          apply: (input) => applyOperations(caller, { workflowId, ...input }),
          since: (revision) => getDraftSince(caller, { workflowId, revision }),
          reload: draftNow,
        }
        const { pages } = await editTogether(server, happenings, { oneBrowser: made % 2 === 0 })
        const stored = await draftNow()
        const { operations } = await getDraftSince(caller, { workflowId, revision: 0 })
        const replayed = operations.reduce<Graph>((graph, { operation }) => {
          const result = applyOperation(graph, operation)
          if (!result.ok) throw new Error(result.problem.message)
          return result.value
        }, startGraph)
        expect(replayed).toEqual(stored.graph)
        for (const [index, { editor, wrote }] of pages.entries()) {
          const { graph, confirmed, pending } = editor.getState()
          expect({ graph, revision: confirmed.revision, pending }).toEqual({ ...stored, pending: [] })
          if (wrote !== undefined) expect(field(stored.graph, `own${index}`)).toEqual(wrote)
        }
      }),
      { numRuns: 20 },
    )
  }, 120_000)
})
