import { describe, expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { runSteps } from '@/db/schema'
import { makeOrganization, makeRun, makeWorkflow } from '@/tests/support/database'
import { graphOf, idOf } from '@/tests/support/plan-of'
import { planReplay } from './plan-replay'

const call = (method: string) => ({ type: 'http.request', params: { method, url: 'https://example.com' } })

describe('the plan of a replay', () => {
  it('tells what is done once more from what the run never came to', async () => {
    const organization = await makeOrganization()
    const graph = graphOf('start -> sent -> failed -> read -> after', {
      start: { type: 'trigger.manual' },
      sent: call('POST'),
      failed: call('POST'),
      read: call('GET'),
      after: call('POST'),
    })
    const workflow = await makeWorkflow(organization, { graph })
    const over = { status: 'failed' as const, finishedAt: new Date() }
    const began = async (given: Parameters<typeof makeRun>[2]) => {
      const { id: runId } = await makeRun(organization, workflow, { ...over, triggerNodeId: idOf('start'), ...given })
      const row = (key: string, status: 'succeeded' | 'failed' | 'skipped', seq: number) => ({
        organizationId: organization.id,
        runId,
        path: idOf(key),
        attempt: 1,
        status,
        epoch: 0,
        seq,
        startedAt: new Date(),
      })
      const rows = [row('start', 'succeeded', 1), row('sent', 'succeeded', 2), row('failed', 'failed', 3), row('after', 'skipped', 4)]
      await inOrganization(organization.id, (tx) => tx.insert(runSteps).values(rows))
      return runId
    }
    const repeats = async (runId: string) =>
      (await planReplay(organization.caller, { runId })).effects.map(({ nodeId, repeats }) => [nodeId, repeats])
    const first = await began({})
    expect(await repeats(first)).toEqual([
      [idOf('sent'), 'unsafe'],
      [idOf('failed'), 'unsafe'],
      [idOf('read'), 'read'],
      [idOf('after'), 'first'],
    ])
    // What the run before it did is not in its own record.
    expect((await repeats(await began({ replayOfId: first }))).at(-1)).toEqual([idOf('after'), 'unsafe'])
  })

  it('says of what the other side refused each time that it was refused', async () => {
    const organization = await makeOrganization()
    const graph = graphOf('start -> pay -> later -> tell', {
      start: { type: 'trigger.manual' },
      pay: call('POST'),
      later: call('POST'),
      tell: call('POST'),
    })
    const workflow = await makeWorkflow(organization, { graph })
    const { id: runId } = await makeRun(organization, workflow, { status: 'failed', finishedAt: new Date(), triggerNodeId: idOf('start') })
    const attempt = (key: string, attempt: number, code: string) => ({
      organizationId: organization.id,
      runId,
      path: idOf(key),
      attempt,
      status: 'failed' as const,
      error: { class: 'unauthorized' as const, code, message: code },
      epoch: 0,
      seq: attempt,
      startedAt: new Date(),
    })
    const rows = [
      attempt('pay', 1, 'http.403'),
      attempt('pay', 2, 'http.401'),
      attempt('later', 3, 'http.503'),
      attempt('later', 4, 'http.403'),
    ]
    await inOrganization(organization.id, (tx) => tx.insert(runSteps).values([...rows, attempt('tell', 5, 'http.409')]))
    const { effects } = await planReplay(organization.caller, { runId })
    expect(effects.map(({ nodeId, repeats }) => [nodeId, repeats])).toEqual([
      [idOf('pay'), 'refused'],
      [idOf('later'), 'unsafe'],
      [idOf('tell'), 'unsafe'],
    ])
  })
})
