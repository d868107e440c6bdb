import { expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { runSteps } from '@/db/schema'
import { makeOrganization, makeRun, makeWorkflow } from '@/tests/support/database'
import { graphOf, idOf } from '@/tests/support/plan-of'
import { draftResults } from './contract'
import { listDraftResults } from './list-draft-results'

it('tells of a container that failed in a run, with the path of the step inside', async () => {
  const organization = await makeOrganization()
  const graph = graphOf('start -> try', {
    start: { type: 'trigger.manual' },
    try: { type: 'flow.try' },
    call: { type: 'http.request', params: { url: 'https://a.example' }, parent: 'try' },
  })
  const workflow = await makeWorkflow(organization, { graph })
  const { id: runId } = await makeRun(organization, { id: workflow.id, versionId: workflow.versionId as string }, { status: 'failed' })
  const path = `${idOf('try')}/main/${idOf('call')}`
  const error = { class: 'transient' as const, code: 'http.500', message: 'The service answered 500.', path }
  await inOrganization(organization.id, (tx) =>
    tx.insert(runSteps).values({
      ...{ organizationId: organization.id, runId, path: idOf('try'), attempt: 1, status: 'failed' as const, epoch: 1, seq: 1 },
      ...{ error, startedAt: new Date(), durationUs: 5 },
    }),
  )
  const answer = await listDraftResults(organization.caller, { workflowId: workflow.id })
  expect(draftResults.parse(answer).results).toMatchObject([{ nodeId: idOf('try'), error: { code: 'http.500', path } }])
})
