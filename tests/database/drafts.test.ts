import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { toUuid } from '@/db/ids'
import { applyOperations } from '@/server/services/drafts/apply-operations'
import { getDraftSince } from '@/server/services/drafts/get-draft-since'
import { keepTestInput } from '@/server/services/drafts/keep-test-input'
import { listDraftResults } from '@/server/services/drafts/list-draft-results'
import { listTestInputs } from '@/server/services/drafts/list-test-inputs'
import { pinResult } from '@/server/services/drafts/pin-result'
import { compareVersions } from '@/server/services/workflows/compare-versions'
import { tagVersionInput } from '@/server/services/workflows/contract'
import { createWorkflow } from '@/server/services/workflows/create-workflow'
import { getWorkflow } from '@/server/services/workflows/get-workflow'
import { listVersions } from '@/server/services/workflows/list-versions'
import { publishWorkflow } from '@/server/services/workflows/publish-workflow'
import { restoreDraft } from '@/server/services/workflows/restore-draft'
import { tagVersion } from '@/server/services/workflows/tag-version'
import { untagVersion } from '@/server/services/workflows/untag-version'
import { addMember, asAdmin, makeOrganization, makeRun, type TestOrganization } from '@/tests/support/database'
import { makeEverything, smallGraph } from '@/tests/support/make-things'
import type { Operation } from '@/workflows/graph/operations'

const rename = (nodeId: string, before: string, after: string): Operation => ({ kind: 'renameNode', nodeId, title: { before, after } })
const setUrl = (before: unknown, after: unknown): Operation => ({
  kind: 'setParam',
  nodeId: 'setfields1',
  path: ['fields'],
  before: before as never,
  after: after as never,
})

describe('a draft', () => {
  let organization: TestOrganization
  let made = 0
  beforeAll(async () => {
    organization = await makeOrganization()
  })
  const workflow = async () => {
    made += 1
    return (await createWorkflow(organization.caller, { name: `Draft ${made}`, description: '', graph: smallGraph as never })).id
  }
  const apply = (workflowId: string, baseRevision: number, clientId: string, edits: [string, Operation][]) =>
    applyOperations(organization.caller, {
      workflowId,
      baseRevision,
      clientId,
      operations: edits.map(([opId, operation]) => ({ opId, operation })),
    })

  it('merges what two people change in different places, and tells each what they missed', async () => {
    const id = await workflow()
    await apply(id, 0, 'a', [['operation-a', rename('setfields1', 'Set fields', 'Prepare')]])
    const second = await apply(id, 0, 'b', [['operation-b', rename('manual0001', 'Start', 'By hand')]])
    expect(second).toMatchObject({ revision: 2, results: [{ ok: true, revision: 2 }], missed: [{ opId: 'operation-a', clientId: 'a' }] })
    const { draft } = await getWorkflow(organization.caller, { workflowId: id })
    expect(draft.graph.nodes.map((node) => node.title)).toEqual(['By hand', 'Webhook', 'Prepare'])
  })

  it('answers an operation that is sent again as it did the first time', async () => {
    const id = await workflow()
    const edit: [string, Operation] = ['operation-1', rename('setfields1', 'Set fields', 'Once')]
    const first = await apply(id, 0, 'a', [edit])
    const again = await apply(id, 0, 'a', [edit])
    expect(again.results).toEqual(first.results)
    expect(again.revision).toBe(1)
  })

  it('takes all of many writers at once, each exactly once', async () => {
    const id = await workflow()
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        apply(id, 0, `c${index}`, [[`operation-${index}`, rename('setfields1', 'Set fields', `Name ${index}`)]]),
      ),
    )
    const since = await getDraftSince(organization.caller, { workflowId: id, revision: 0 })
    expect(since.operations.map((one) => one.revision)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1))
    expect(new Set(since.operations.map((one) => one.opId)).size).toBe(12)
  })

  it('says what was overwritten, and keeps what cannot be applied any more', async () => {
    const id = await workflow()
    await apply(id, 0, 'a', [['operation-a', setUrl([{ name: 'a', value: 1 }], [{ name: 'a', value: 2 }])]])
    const over = await apply(id, 0, 'b', [['operation-b', setUrl([{ name: 'a', value: 1 }], [{ name: 'a', value: 3 }])]])
    expect(over.results[0]).toMatchObject({ ok: true, overwrote: [{ nodeId: 'setfields1', pointer: '/params/fields' }] })
    await apply(id, 2, 'a', [['operation-c', { kind: 'removeNodes', nodeIds: ['setfields1'] }]])
    const gone = await apply(id, 2, 'b', [['operation-d', rename('setfields1', 'Set fields', 'Late')]])
    expect(gone.results[0]).toMatchObject({ ok: false, problem: { code: 'node.unknown' }, kept: { kind: 'renameNode' } })
  })

  it('refuses a credential of another organization and one that the person may not use', async () => {
    const other = await makeEverything(await makeOrganization())
    const id = await workflow()
    const bind = (credentialId: string): Operation => ({
      kind: 'setParam',
      nodeId: 'webhook001',
      path: ['credential'],
      after: credentialId,
    })
    const answer = await apply(id, 0, 'a', [['operation-1', bind(other.credentialId)]])
    expect(answer.results[0]).toMatchObject({ ok: false, problem: { code: 'credential.not_allowed', nodeId: 'webhook001' } })
    const { caller: operator } = await addMember(organization, 'operator')
    await expect(
      applyOperations(operator, {
        workflowId: id,
        baseRevision: 0,
        clientId: 'o',
        operations: [{ opId: 'operation-2', operation: bind(other.credentialId) }],
      }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  it('gives a webhook its address before anything is published', async () => {
    const { webhooks } = await getWorkflow(organization.caller, { workflowId: await workflow() })
    expect(webhooks).toMatchObject([{ nodeId: 'webhook001', url: expect.stringMatching(/\/hooks\/[A-Za-z0-9_-]{43}$/) }])
  })

  it('refuses to publish another revision than was seen, and brings a version back into the draft', async () => {
    const id = await workflow()
    const first = await publishWorkflow(organization.caller, { workflowId: id, revision: 0, note: 'v1' })
    await apply(id, 0, 'a', [['operation-1', rename('setfields1', 'Set fields', 'Second')]])
    await expect(publishWorkflow(organization.caller, { workflowId: id, revision: 0, note: '' })).rejects.toMatchObject({
      code: 'CONFLICT',
      pointer: '/revision',
    })
    const second = await publishWorkflow(organization.caller, { workflowId: id, revision: 1, note: 'v2' })
    expect(second.number).toBe(2)
    expect(await compareVersions(organization.caller, { workflowId: id, from: first.versionId, to: second.versionId })).toMatchObject({
      same: false,
      nodes: { changed: [{ nodeId: 'setfields1', fields: [{ pointer: '/title', before: 'Set fields', after: 'Second' }] }] },
    })
    await restoreDraft(organization.caller, { workflowId: id, versionId: first.versionId })
    expect(await compareVersions(organization.caller, { workflowId: id, from: first.versionId, to: 'draft' })).toMatchObject({ same: true })
  })

  it('gives a tag to one version at a time, and takes it away; live can only be moved', async () => {
    const id = await workflow()
    const first = await publishWorkflow(organization.caller, { workflowId: id, revision: 0, note: 'v1' })
    await apply(id, 0, 'a', [['operation-1', rename('setfields1', 'Set fields', 'Second')]])
    const second = await publishWorkflow(organization.caller, { workflowId: id, revision: 1, note: 'v2' })
    const tagsOf = async () => (await listVersions(organization.caller, { workflowId: id, limit: 10 })).items.map((one) => one.tags.sort())
    const { versionId } = first
    await tagVersion(organization.caller, tagVersionInput.parse({ workflowId: id, versionId, name: ' Staging ' }))
    expect(await tagsOf()).toEqual([['live'], ['staging']])
    await tagVersion(organization.caller, { workflowId: id, versionId: second.versionId, name: 'staging' })
    expect(await tagsOf()).toEqual([['live', 'staging'], []])
    const { caller: viewer } = await addMember(organization, 'viewer')
    await expect(untagVersion(viewer, { workflowId: id, tag: 'staging' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await untagVersion(organization.caller, { workflowId: id, tag: 'staging' })
    expect(await tagsOf()).toEqual([['live'], []])
    await expect(untagVersion(organization.caller, { workflowId: id, tag: 'live' })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(tagVersionInput.safeParse({ workflowId: id, versionId, name: 'a tag' }).success).toBe(false)
  })

  it('counts the runs of each version, of a workflow with very many only the newest', async () => {
    const id = await workflow()
    const { versionId } = await publishWorkflow(organization.caller, { workflowId: id, revision: 0, note: '' })
    const runsOf = async () => (await listVersions(organization.caller, { workflowId: id, limit: 10 })).items[0]?.runs
    const run = await makeRun(organization, { id, versionId }, { status: 'succeeded' })
    expect(await runsOf()).toEqual({ total: 1, live: 0, newest: null })
    await asAdmin((db) =>
      db.execute(sql`insert into runs select (jsonb_populate_record(r, jsonb_build_object('id', new_uuid()))).*
        from runs r cross join generate_series(1, 2100) where r.id = ${toUuid(run.id, 'run')}`),
    )
    expect(await runsOf()).toEqual({ total: 2_000, live: 0, newest: 2_000 })
  })

  it('shows a pinned output in place of others until it is taken off', async () => {
    const id = await workflow()
    await pinResult(organization.caller, { workflowId: id, nodeId: 'setfields1', output: { a: 7 } })
    expect((await listDraftResults(organization.caller, { workflowId: id })).results).toMatchObject([
      { nodeId: 'setfields1', pinned: true, output: { a: 7 } },
    ])
    const { caller: viewer } = await addMember(organization, 'viewer')
    expect((await listDraftResults(viewer, { workflowId: id })).results).toEqual([])
  })

  it('keeps inputs for tests under a name, in place of the one before, and hides them from who may not see payloads', async () => {
    const id = await workflow()
    const keep = (name: string, input?: object) =>
      keepTestInput(organization.caller, { workflowId: id, nodeId: 'webhook001', name, ...(input ? { input: input as never } : {}) })
    await keep('Large order', { total: 9_000 })
    await keep('Small order', { total: 9 })
    await keep('Large order', { total: 12_000 })
    expect((await listTestInputs(organization.caller, { workflowId: id })).items).toMatchObject([
      { nodeId: 'webhook001', name: 'Large order', input: { total: 12_000 } },
      { nodeId: 'webhook001', name: 'Small order', input: { total: 9 } },
    ])
    const { caller: viewer } = await addMember(organization, 'viewer')
    expect((await listTestInputs(viewer, { workflowId: id })).items).toEqual([])
    await keep('Large order')
    expect((await listTestInputs(organization.caller, { workflowId: id })).items).toHaveLength(1)
    const other = await makeOrganization()
    await expect(listTestInputs(other.caller, { workflowId: id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
