import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { toUuid } from '@/db/ids'
import { listIterations, numberedQuery } from '@/server/services/runs/list-iterations'
import { listSteps } from '@/server/services/runs/list-steps'
import { summariseLoop } from '@/server/services/runs/summarise-loop'
import type { Graph } from '@/workflows/graph/schema'
import { addMember, asAdmin, makeOrganization, makeRun, makeWorkflow, type TestOrganization } from '../support/database'
import { graphOf, idOf } from '../support/plan-of'

const items = 100_000
let organization: TestOrganization
let runId: string
const loop = idOf('loop')
const at = (iteration: string | number, name: string) => `${loop}/${iteration}/${idOf(name)}`

beforeAll(async () => {
  organization = await makeOrganization()
  const graph: Graph = graphOf('start -> loop -> after', {
    start: { type: 'trigger.manual' },
    loop: { type: 'flow.for_each', params: { items: '{{ input }}' } },
    agent: { type: 'ai.agent', parent: 'loop' },
    call: { type: 'http.request', parent: 'loop' },
    after: { type: 'data.set' },
  })
  const workflow = await makeWorkflow(organization, { graph })
  const run = await makeRun(organization, workflow, { status: 'running', versionId: workflow.versionId, versionNumber: 1 } as never)
  runId = run.id
  const key = sql`${toUuid(organization.id, 'org')}::uuid, ${toUuid(runId, 'run')}::uuid`
  await asAdmin(async (tx) => {
    const write = (rows: ReturnType<typeof sql>) =>
      tx.execute(
        sql`insert into run_steps (organization_id, run_id, path, attempt, status, port, retry_at, input, epoch, seq, started_at, duration_us) ${rows}`,
      )
    await write(sql`select ${key}, ${loop}, 1, 'started', null, null, ${`{"items":${items},"concurrency":1}`}::jsonb, 0, 1, now(), 0`)
    for (const name of ['agent', 'call']) {
      await write(
        sql`select ${key}, ${`${loop}/`} || i || ${`/${idOf(name)}`}, 1, 'succeeded', 'main', null, null, 0, i + 2, now(), 1000 from generate_series(0, ${items - 2}) i`,
      )
    }
    await write(sql`select ${key}, ${at(7, 'agent')} || '/turn.1', 1, 'succeeded', 'main', null, null, 0, 300000, now(), 10`)
    await tx.execute(
      sql`update run_steps set status = 'failed', port = null where run_id = ${toUuid(runId, 'run')} and path in (${at(5, 'call')}, ${at(20, 'call')})`,
    )
    // Item 20 is tried again, item 30 waits for its next try.
    await write(sql`select ${key}, ${`${loop}/20`}, 1, 'failed', null, now(), null, 0, 300001, now(), 0`)
    await write(sql`select ${key}, ${at('20.2', 'agent')}, 1, 'succeeded', 'main', null, null, 0, 300002, now(), 1000`)
    await write(sql`select ${key}, ${`${loop}/30`}, 1, 'failed', null, now() + interval '1 minute', null, 0, 300003, now(), 0`)
    await write(sql`select ${key}, ${idOf('after')}, 1, 'waiting', null, null, null, 0, 300004, now(), 0`)
    await tx.execute(
      sql`update run_steps set status = 'started' where run_id = ${toUuid(runId, 'run')} and path = ${at(items - 2, 'call')}`,
    )
    await tx.execute(sql`analyze run_steps`)
  })
}, 120_000)

describe('a loop of a hundred thousand items', () => {
  it('gives a page of its iterations, in the order of the items', async () => {
    const { items: page } = await listIterations(organization.caller, { runId, path: loop, from: 4, count: 30 })
    expect(page.map((one) => one.iteration)).toEqual(
      Array.from({ length: 30 }, (_, index) => (index + 4 === 20 ? '20.2' : String(index + 4))),
    )
    const look = (iteration: string) => page.find((one) => one.iteration === iteration)?.look
    expect([look('4'), look('5'), look('20.2'), look('30')]).toEqual(['succeeded', 'failed', 'succeeded', 'retrying'])
    expect(page[0]?.steps).toBe(2)
  })

  it('ends where no more have begun', async () => {
    const { items: page } = await listIterations(organization.caller, { runId, path: loop, from: items - 3, count: 500 })
    expect(page.map((one) => [one.iteration, one.look])).toEqual([
      [String(items - 3), 'succeeded'],
      [String(items - 2), 'running'],
    ])
  })

  it('finds each iteration by the key of the steps', async () => {
    const rows = await inOrganization(organization.id, async (tx) => {
      return tx.execute(sql`explain (costs off) ${numberedQuery(organization.id, { runId, path: loop, from: 500, count: 500 })}`)
    })
    const plan = rows.map((row) => Object.values(row)[0]).join('\n')
    expect(plan).toMatch(/Nested Loop/)
    expect(plan).toMatch(/Index Scan using run_steps\w*pkey/)
    expect(plan).toMatch(/Index Cond: .*path >= .*path < /)
    expect(plan).not.toMatch(/Seq Scan on run_steps/)
  })

  it('counts them and says which need somebody', async () => {
    expect(await summariseLoop(organization.caller, { runId, path: loop })).toEqual({
      total: items,
      begun: items - 1,
      looks: { succeeded: items - 4, failed: 1, retrying: 1, running: 1 },
      attention: ['5', '30'],
      first: '5',
    })
  })

  it('gives the steps of the run without those of its iterations, and of one iteration with its agent’s turns', async () => {
    const top = await listSteps(organization.caller, { runId, within: '' })
    expect(top.items.map((step) => step.path)).toEqual([loop, idOf('after')])
    const inside = await listSteps(organization.caller, { runId, within: `${loop}/7/` })
    expect(inside.items.map((step) => [step.path, step.nodeTitle])).toEqual([
      [at(7, 'agent'), 'agent'],
      [at(7, 'call'), 'call'],
      [`${at(7, 'agent')}/turn.1`, 'agent'],
    ])
  })

  it('is nobody else’s', async () => {
    const other = await makeOrganization()
    const { caller } = await addMember(other, 'admin')
    await expect(summariseLoop(caller, { runId, path: loop })).rejects.toThrow()
    await expect(listIterations(caller, { runId, path: loop, from: 0, count: 10 })).rejects.toThrow()
  })
})

it('sections of what is no loop are listed by their names', async () => {
  const workflow = await makeWorkflow(organization)
  const run = await makeRun(organization, workflow, { status: 'failed', finishedAt: new Date() })
  await inOrganization(organization.id, async (tx) => {
    for (const [index, path] of ['try00000', 'try00000/body/fetch000', 'try00000/catch/notify00'].entries()) {
      await tx.execute(sql`insert into run_steps (organization_id, run_id, path, attempt, status, port, epoch, seq, started_at, duration_us)
        values (${toUuid(organization.id, 'org')}, ${toUuid(run.id, 'run')}, ${path}, 1, ${path.includes('body') ? 'failed' : 'succeeded'}, null, 0, ${index}, now() + ${index} * interval '1 second', 5)`)
    }
  })
  const { items: page } = await listIterations(organization.caller, { runId: run.id, path: 'try00000', from: 0, count: 100 })
  expect(page.map((one) => [one.iteration, one.look])).toEqual([
    ['body', 'failed'],
    ['catch', 'succeeded'],
  ])
})
