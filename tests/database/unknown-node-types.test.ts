import { describe, expect, it } from 'vitest'
import { asOwner } from '@/db/migrate'
import { unknownNodeTypes } from '@/db/seed/unknown-node-types'
import { adminSql, makeOrganization, makeWorkflow, testDatabase } from '../support/database'
import { graphOf } from '../support/plan-of'

describe('a start', () => {
  it('finds node types that a live version uses and this build does not know', async () => {
    const organization = await makeOrganization()
    await makeWorkflow(organization, { graph: graphOf('start -> end', { start: { type: 'trigger.manual' }, end: { type: 'data.set' } }) })
    expect(await asOwner(testDatabase().adminUrl, unknownNodeTypes)).toEqual([])
    const admin = adminSql()
    await admin`update workflow_versions set graph = jsonb_set(graph, '{nodes,1,type}', '"data.gone"')`
    await admin.end()
    expect(await asOwner(testDatabase().adminUrl, unknownNodeTypes)).toMatchObject([{ type: 'data.gone', version: 1 }])
  })
})
