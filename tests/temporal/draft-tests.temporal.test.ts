import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { applyOperations } from '@/server/services/drafts/apply-operations'
import type { goOnInput } from '@/server/services/drafts/contract'
import { getDraftValue } from '@/server/services/drafts/get-draft-value'
import { goOn } from '@/server/services/drafts/go-on'
import { listDraftResults } from '@/server/services/drafts/list-draft-results'
import { listIterationResults } from '@/server/services/drafts/list-iteration-results'
import { pinResult } from '@/server/services/drafts/pin-result'
import { testNode } from '@/server/services/drafts/test-node'
import { requestCancel } from '@/server/services/runs/request-cancel'
import { findRun } from '@/server/services/runs/wait-for-run'
import { decideTask } from '@/server/services/tasks/decide-task'
import { listTasks } from '@/server/services/tasks/list-tasks'
import type { Graph, Json } from '@/workflows/graph/schema'
import { makeOrganization, makeWorkflow, type TestOrganization } from '../support/database'
import { eventually } from '../support/eventually'
import { type HttpSink, startHttpSink } from '../support/http-sink'
import { graphOf, idOf } from '../support/plan-of'
import { temporalServer, workerProcess } from './support'

// The sink stands here.
process.env.MILLRACE_ALLOWED_HOSTS = '127.0.0.1'
temporalServer()
workerProcess()
let organization: TestOrganization
let sink: HttpSink

beforeAll(async () => {
  organization = await makeOrganization()
  sink = await startHttpSink({
    onRequest: (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ from: request.path }))
    },
  })
})
afterAll(() => sink.close())

const trigger = { type: 'trigger.manual' }
const set = (name: string, value: Json, keep = 'input') => ({ type: 'data.set', params: { fields: [{ name, value }], keep } })
const call = (path: string, method = 'POST') => ({ type: 'http.request', params: { method, url: `${sink.url}${path}` } })

async function draft(graph: Graph) {
  const workflow = await makeWorkflow(organization, { graph, publish: false })
  const outputs = async () => {
    const { results } = await listDraftResults(organization.caller, { workflowId: workflow.id })
    return Object.fromEntries(results.map((result) => [result.nodeId.replace(/_+$/, ''), result.output]))
  }
  const results = async () => (await listDraftResults(organization.caller, { workflowId: workflow.id })).results
  const test = (
    key: string,
    mode: 'node' | 'upTo' | 'from' | 'all',
    more: Partial<Parameters<typeof testNode>[1]> = {},
    answerMs?: number,
  ) => testNode(organization.caller, { workflowId: workflow.id, nodeId: idOf(key), mode, ...more }, answerMs)
  const on = (held: { runId: string; held: { path: string } | null }, more: Partial<z.input<typeof goOnInput>> = {}) =>
    goOn(organization.caller, { workflowId: workflow.id, runId: held.runId, path: held.held?.path ?? '', ...more })
  const pin = (key: string, output: Json) => pinResult(organization.caller, { workflowId: workflow.id, nodeId: idOf(key), output })
  const stale = async () => {
    const { results } = await listDraftResults(organization.caller, { workflowId: workflow.id })
    const marked = new Set(results.filter((result) => result.stale).map((result) => result.nodeId))
    return graph.nodes.filter((node) => marked.has(node.id)).map((node) => node.key)
  }
  const whole = async (key: string) => (await getDraftValue(organization.caller, { workflowId: workflow.id, nodeId: idOf(key) })).text
  const change = async (key: string, params: Record<string, Json>) => {
    const before = graph.nodes.find((node) => node.id === idOf(key))?.params ?? {}
    await applyOperations(organization.caller, {
      workflowId: workflow.id,
      baseRevision: 0,
      clientId: 'test',
      operations: Object.entries(params).map(([name, after], index) => ({
        opId: `operation-${key}-${index}`,
        operation: { kind: 'setParam', nodeId: idOf(key), path: [name], before: before[name] as Json, after },
      })),
    })
  }
  const waiting = async () => (await listDraftResults(organization.caller, { workflowId: workflow.id })).waiting
  const cancelled = async () => (await listDraftResults(organization.caller, { workflowId: workflow.id })).cancelled
  const iteration = async (key: string, index: number) =>
    (await listIterationResults(organization.caller, { workflowId: workflow.id, nodeId: idOf(key), index })).results
  const answer = async (title: string) => {
    const task = await eventually(title, async () =>
      (await listTasks(organization.caller, { state: 'open', mine: false, limit: 50 })).items.find((one) => one.title === title),
    )
    await decideTask(organization.caller, { taskId: task.id, decision: 'approved', comment: '' } as never)
  }
  return {
    test,
    on,
    outputs,
    results,
    waiting,
    cancelled,
    iteration,
    answer,
    stale,
    whole,
    change,
    pin,
    calls: () => sink.requests.map((request) => request.path),
  }
}

describe('a test of the draft', () => {
  it('up to a step runs the way to it and nothing after it', async () => {
    const { test, outputs } = await draft(
      graphOf('start -> one -> two -> three', {
        start: trigger,
        one: set('a', '{{ input.n }}'),
        two: set('b', '{{ input.a }}'),
        three: set('c', 1),
      }),
    )
    const answer = await test('two', 'upTo', { input: { n: 7 } })
    expect(answer).toMatchObject({ status: 'succeeded', finished: true })
    expect(await outputs()).toEqual({ start: { n: 7 }, one: { n: 7, a: 7 }, two: { n: 7, a: 7, b: 7 } })
  })

  it('stops before breakpoints and goes on from what it has', async () => {
    const { test, outputs, calls } = await draft(
      graphOf('start -> send -> two -> three', {
        start: trigger,
        send: call('/stops'),
        two: set('b', '{{ input.status }}'),
        three: set('c', 1),
      }),
    )
    const sent = () => calls().filter((path) => path === '/stops').length
    const first = await test('start', 'all', { input: {}, stopBefore: [idOf('two')] })
    expect(first).toMatchObject({ finished: true })
    expect(first.ran.sort()).toEqual([idOf('send'), idOf('start')])
    expect(Object.keys(await outputs())).not.toContain('two')
    const next = await test('start', 'all', { instead: [{ nodeId: idOf('send') }], stopBefore: [idOf('three')] })
    expect(next).toMatchObject({ status: 'succeeded', ran: [idOf('two')] })
    expect(sent()).toBe(1)
    const changed = await test('start', 'all', { instead: [{ nodeId: idOf('send'), output: { status: 418 } }] })
    expect(changed.ran.sort()).toEqual([idOf('three'), idOf('two')])
    expect(await outputs()).toMatchObject({ three: { b: 418, c: 1 } })
    expect(sent()).toBe(1)
  })

  describe('held in a loop', () => {
    const looped = () =>
      draft(
        graphOf('start -> loop -> after; send -> keep', {
          start: trigger,
          loop: { type: 'flow.for_each', params: { items: '{{ input.list }}', concurrency: 2 } },
          send: { ...call('/held'), parent: 'loop' },
          keep: { ...set('n', '{{ item.n }}', 'only-set'), parent: 'loop' },
          after: set('all', '{{ input }}', 'only-set'),
        }),
      )
    const input = { list: [{ n: 1 }, { n: 2 }] }
    const inside = (index: number, key: string) => `${idOf('loop')}/${index}/${idOf(key)}`

    it('that somebody cancels leaves where it stood and what it ran beside the draft, until another begins or a step on the way is changed', async () => {
      const { test, change, cancelled, iteration } = await looped()
      await test('start', 'all', { input })
      const held = await test('start', 'all', { input, holdBefore: [idOf('keep')] })
      expect(await cancelled()).toBeNull()
      await requestCancel(organization.caller, { runId: held.runId })
      const trace = {
        runId: held.runId,
        at: expect.arrayContaining([idOf('keep'), idOf('loop')]),
        ran: expect.arrayContaining([idOf('send')]),
      }
      expect(await cancelled()).toMatchObject(trace)
      await eventually('its end', async () => (await findRun(organization.id, held.runId))?.finishedAt)
      expect(await cancelled()).toMatchObject(trace)
      // The values of the items are still those of the test that came through them.
      expect((await iteration('loop', 1)).map((one) => one.nodeId)).toContain(idOf('keep'))
      await change('keep', { keep: 'input' })
      expect((await cancelled())?.at).toEqual([idOf('loop')])
      await test('start', 'all', { input: { list: [] } })
      expect(await cancelled()).toBeNull()
    })

    it('shows beside the draft what the steps gave for the first item, or for the one that failed', async () => {
      const { test, results, iteration, change, stale } = await looped()
      await test('start', 'all', { input })
      const inner = async () => new Map((await results()).flatMap((one) => (one.iteration ? [[one.nodeId, one] as const] : [])))
      const first = await inner()
      expect(first.get(idOf('keep'))).toMatchObject({
        status: 'succeeded',
        output: { n: 1 },
        stale: false,
        iteration: { path: inside(0, 'keep'), index: 0, total: 2 },
      })
      expect(first.get(idOf('send'))).toMatchObject({ status: 'succeeded', output: { body: { from: '/held' } } })
      const second = await iteration('loop', 1)
      expect(second.find((one) => one.nodeId === idOf('keep'))).toMatchObject({ output: { n: 2 }, iteration: { index: 1, total: 2 } })
      expect(await iteration('loop', 7)).toEqual([])
      await test('start', 'all', { input: { list: [{ n: 1 }, { n: 2 }, 3] } })
      expect((await inner()).get(idOf('keep'))).toMatchObject({ iteration: { total: 3 } })
      await change('loop', { concurrency: 1 })
      expect(await stale()).toEqual(expect.arrayContaining(['loop', 'send', 'keep']))
      await change('keep', { fields: [{ name: 'n', value: '{{ item.n.of.it }}' }] })
      await test('start', 'all', { input: { list: [{ n: { of: { it: 1 } } }, { n: 2 }] } })
      expect((await inner()).get(idOf('keep'))).toMatchObject({
        status: 'failed',
        iteration: { path: inside(1, 'keep'), index: 1, total: 2 },
      })
    })

    it('shows beside the draft what the first round gave, and how many there were', async () => {
      const { test, results } = await draft(
        graphOf('start -> again; add', {
          start: trigger,
          again: {
            type: 'flow.repeat',
            params: { mode: 'until', check: 'after', conditions: [{ left: '{{ input.n }}', operator: 'greater', right: '2' }] },
          },
          add: { ...set('n', '{{ (input.n ?? 0) + 1 }}', 'only-set'), parent: 'again' },
        }),
      )
      await test('start', 'all', { input: {} })
      const [first] = (await results()).filter((one) => one.iteration)
      expect(first).toMatchObject({ output: { n: 1 }, iteration: { index: 0, total: 3 } })
    })

    it('says where, with what, and goes on step by step until its end', async () => {
      const { test, on, outputs, calls } = await looped()
      const sent = () => calls().filter((path) => path === '/held').length
      const before = sent()
      const first = await test('start', 'all', { input, holdBefore: [idOf('send')] })
      expect(first).toMatchObject({ finished: false, held: { path: inside(0, 'send'), nodeId: idOf('send'), input: { n: 1 }, values: [] } })
      expect(first.held?.around).toEqual([{ nodeId: idOf('loop'), iteration: '0', index: 0, total: 2, item: { n: 1 } }])
      expect(sent()).toBe(before)
      const next = await on(first, { step: true, holdBefore: [idOf('send')], item: { n: 7 } })
      expect(next.held).toMatchObject({ path: inside(0, 'keep'), input: { body: { from: '/held' } } })
      expect(next.held?.values).toMatchObject([{ path: inside(0, 'send'), status: 'succeeded' }])
      const other = await on(next, { holdBefore: [idOf('send')] })
      expect(other.held).toMatchObject({ path: inside(1, 'send'), around: [{ index: 1, item: { n: 2 } }] })
      const last = await on(other)
      expect(last).toMatchObject({ finished: true, status: 'succeeded', held: null })
      expect(last.ran.sort()).toEqual([idOf('after'), idOf('loop'), idOf('start')].sort())
      expect(sent()).toBe(before + 2)
      expect(await outputs()).toMatchObject({ loop: [{ n: 7 }, { n: 2 }], after: { all: [{ n: 7 }, { n: 2 }] } })
    })

    it('takes another value for what a step before it gave', async () => {
      const { test, on, outputs } = await draft(
        graphOf('start -> loop; one -> two', {
          start: trigger,
          loop: { type: 'flow.for_each', params: { items: '{{ input.list }}' } },
          one: { ...set('a', '{{ item }}', 'only-set'), parent: 'loop' },
          two: { ...set('b', '{{ steps.$one_____.a + input.a }}', 'only-set'), parent: 'loop' },
        }),
      )
      const held = await test('start', 'all', { input: { list: [1] }, holdBefore: [idOf('two')] })
      expect(await on(held, { outputs: [{ path: inside(0, 'one'), output: { a: 40 } }] })).toMatchObject({ status: 'succeeded' })
      expect(await outputs()).toMatchObject({ loop: [{ b: 80 }] })
    })

    it('is over when another test begins, and cannot be let go on then', async () => {
      const { test, on } = await looped()
      const held = await test('start', 'all', { input, holdBefore: [idOf('keep')] })
      const second = await test('start', 'all', { input, holdBefore: [idOf('keep')] })
      await expect(on(held)).rejects.toMatchObject({ code: 'CONFLICT' })
      await expect(on({ ...second, held: { path: inside(1, 'keep') } })).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(await on(second)).toMatchObject({ status: 'succeeded' })
    })
  })

  it('that takes longer than its caller waits still keeps what its later steps gave', async () => {
    const { test, outputs } = await draft(
      graphOf('start -> wait -> after', {
        start: trigger,
        wait: { type: 'flow.wait', params: { mode: 'for', durationMs: 1_000 } },
        after: set('a', '{{ input.n }}'),
      }),
    )
    expect(await test('start', 'all', { input: { n: 4 } }, 0)).toMatchObject({ finished: false })
    expect(await eventually('the result of the last step', async () => (await outputs()).after)).toEqual({ n: 4, a: 4 })
  })

  it('says at which step it waits for somebody, in a container too, and keeps what each answer lets it give', async () => {
    const ask = (title: string) => ({ type: 'people.approval', params: { title } })
    const { test, outputs, waiting, answer } = await draft(
      graphOf('start -> loop -> second; second.approved -> after', {
        start: trigger,
        loop: { type: 'flow.for_each', params: { items: '{{ input.list }}' } },
        first: { ...ask('First?'), parent: 'loop' },
        second: ask('Second?'),
        after: set('done', true, 'only-set'),
      }),
    )
    const begun = Date.now()
    const left = await test('start', 'all', { input: { list: [1] } }, 20_000)
    expect(left).toMatchObject({ finished: false, waiting: [{ nodeId: idOf('first'), kind: 'approval' }] })
    const [asked] = left.waiting
    expect(asked?.dueAt && asked.dueAt.getTime() - asked.since.getTime()).toBeGreaterThan(0)
    expect(Date.now() - begun).toBeLessThan(15_000)
    expect(left.results.map((result) => result.status)).not.toContain('waiting')
    await answer('First?')
    await eventually('the second question', async () => (await waiting()).some((one) => one.nodeId === idOf('second')))
    await eventually('what the loop gave', async () => Object.keys(await outputs()).includes('loop'))
    await answer('Second?')
    expect(await eventually('the last step', async () => (await outputs()).after)).toEqual({ done: true })
    expect(await waiting()).toEqual([])
  })

  it('shows what its steps gave, and where it waits, while it is under way', async () => {
    const { test, outputs, waiting } = await draft(
      graphOf('start -> one -> wait -> after', {
        start: trigger,
        one: set('a', 1),
        wait: { type: 'flow.wait', params: { mode: 'for', durationMs: 4_000 } },
        after: set('b', 2),
      }),
    )
    let answered = false
    const whole = test('start', 'all', { input: {} }).finally(() => {
      answered = true
    })
    await eventually('the wait', async () => (await waiting()).some((one) => one.nodeId === idOf('wait')))
    expect(await eventually('the first step', async () => (await outputs()).one)).toEqual({ a: 1 })
    expect(answered).toBe(false)
    expect(await whole).toMatchObject({ status: 'succeeded', finished: true, waiting: [] })
    expect(await outputs()).toMatchObject({ after: { a: 1, b: 2 } })
  })

  it('up to a step begins with what the trigger gave last', async () => {
    const { test, outputs } = await draft(graphOf('start -> one', { start: trigger, one: set('a', '{{ trigger.n }}') }))
    await test('start', 'all', { input: { n: 3 } })
    await test('one', 'upTo')
    expect(await outputs()).toMatchObject({ one: { n: 3, a: 3 } })
  })

  it('up to a step behind a branch runs the branch that was taken', async () => {
    const { test, outputs } = await draft(
      graphOf('start -> which; which.true -> yes; which.false -> no; yes -> end; no -> end', {
        start: trigger,
        which: { type: 'flow.if', params: { conditions: [{ left: '{{ input.n }}', operator: 'greater', right: 5 }] } },
        yes: set('way', 'yes'),
        no: set('way', 'no'),
        end: set('done', true),
      }),
    )
    expect(await test('end', 'upTo', { input: { n: 9 } })).toMatchObject({ status: 'succeeded' })
    expect(await outputs()).toMatchObject({ end: { way: 'yes', done: true } })
  })

  it('up to an agent takes its tools along, and up to a tool runs what the tool may read', async () => {
    const agent = { type: 'ai.agent', params: { input: 'Look {{ input.n }} up' } }
    const { test, outputs } = await draft(
      graphOf('start -> agent; look => agent', { start: trigger, agent, look: call("/look/{{ $ai('id', 'The id', 'text') }}", 'GET') }),
    )
    expect(await test('agent', 'upTo', { input: { n: 5 } })).toMatchObject({ status: 'succeeded' })
    expect(Object.keys(await outputs())).toContain('agent')
  })

  it('up to a step skips the call of a pinned one', async () => {
    const { test, outputs, pin, calls } = await draft(
      graphOf('start -> send -> after', { start: trigger, send: call('/pinned'), after: set('seen', '{{ input.body.kept }}') }),
    )
    await pin('send', { status: 200, headers: {}, body: { kept: 'yes' } })
    await test('after', 'upTo', { input: {} })
    expect(await outputs()).toMatchObject({ after: { seen: 'yes' } })
    expect(calls()).not.toContain('/pinned')
  })

  it('up to a step says what is wrong on the way, and is not stopped by what is wrong elsewhere', async () => {
    const { test, outputs } = await draft(
      graphOf('start -> one; start -> broken -> after', {
        start: trigger,
        one: set('a', 1),
        broken: { type: 'http.request', params: {} },
        after: set('b', 2),
      }),
    )
    expect(await test('one', 'upTo', { input: {} })).toMatchObject({ status: 'succeeded' })
    expect(await outputs()).toMatchObject({ one: { a: 1 } })
    await expect(test('after', 'upTo', { input: {} })).rejects.toMatchObject({ code: 'UNPROCESSABLE', hint: 'Repair it, then test again.' })
  })

  it('up to a step begins at the trigger that leads to it', async () => {
    const { test, outputs } = await draft(
      graphOf('other -> aside; start -> one', { other: trigger, aside: set('x', 1), start: trigger, one: set('a', '{{ trigger.n }}') }),
    )
    await test('one', 'upTo', { input: { n: 4 } })
    expect(await outputs()).toEqual({ start: { n: 4 }, one: { n: 4, a: 4 } })
  })

  it('up to a step passes through what is switched off, and ends where a step fails', async () => {
    const off = { ...set('off', true), settings: { disabled: true } }
    const { test, outputs } = await draft(
      graphOf('start -> off -> stop -> after', {
        start: trigger,
        off,
        stop: { type: 'flow.stop', params: { message: 'No customer' } },
        after: set('b', 2),
      }),
    )
    const answer = await test('stop', 'upTo', { input: { n: 1 } })
    expect(answer).toMatchObject({ status: 'failed', finished: true })
    expect(answer.results.find((result) => result.nodeId === idOf('stop'))).toMatchObject({
      status: 'failed',
      error: { message: 'No customer' },
    })
    expect(await outputs()).toMatchObject({ off: { n: 1 } })
  })

  it('up to a tool runs what its agent may read', async () => {
    const agent = { type: 'ai.agent', params: { input: 'Look {{ input.n }} up' } }
    const { test, outputs } = await draft(
      graphOf('start -> one -> agent; look => agent', {
        start: trigger,
        one: set('a', 1),
        agent,
        look: call('/tool/{{ steps.$one_____.a }}', 'GET'),
      }),
    )
    expect(await test('look', 'upTo', { input: { n: 5 } })).toMatchObject({ status: 'succeeded' })
    expect(await outputs()).toMatchObject({ one: { a: 1 }, look: { body: { from: '/tool/1' } } })
  })

  it('of one tool fills in what a model would, and asks for it where it is missing', async () => {
    const look = call("/tool/{{ $ai('order', 'Number of the order', 'text') }}", 'GET')
    const { test, outputs } = await draft(graphOf('start -> agent; look => agent', { start: trigger, agent: { type: 'ai.agent' }, look }))
    await expect(test('look', 'node')).rejects.toMatchObject({ code: 'UNPROCESSABLE', pointer: '/input' })
    await test('look', 'node', { input: { order: 'A 7' } })
    expect(await outputs()).toMatchObject({ look: { body: { from: '/tool/A%207' } } })
  })

  it('from a step runs it and what follows, with the last answers before it', async () => {
    const { test, outputs, calls } = await draft(
      graphOf('start -> send -> one -> two', {
        start: trigger,
        send: call('/before'),
        one: set('a', '{{ input.body.from }}'),
        two: set('b', '{{ steps.$one_____.a }}'),
      }),
    )
    await test('send', 'upTo', { input: {} })
    const before = calls().filter((path) => path === '/before').length
    await test('one', 'from')
    expect(await outputs()).toMatchObject({ one: { a: '/before' }, two: { b: '/before' } })
    expect(calls().filter((path) => path === '/before')).toHaveLength(before)
  })

  it('puts the last answer or what was typed in place of a call', async () => {
    const { test, outputs, calls } = await draft(
      graphOf('start -> send -> one', { start: trigger, send: call('/replaced'), one: set('a', '{{ input.body.from }}', 'only-set') }),
    )
    await expect(test('one', 'upTo', { instead: [{ nodeId: idOf('send') }] })).rejects.toMatchObject({
      code: 'UNPROCESSABLE',
      pointer: '/instead',
    })
    await test('one', 'upTo', { instead: [{ nodeId: idOf('send'), output: { status: 200, headers: {}, body: { from: 'typed' } } }] })
    expect(await outputs()).toMatchObject({ one: { a: 'typed' } })
    expect(calls()).not.toContain('/replaced')
    await test('one', 'upTo')
    expect(calls().filter((path) => path === '/replaced')).toHaveLength(1)
    await test('one', 'upTo', { instead: [{ nodeId: idOf('send') }] })
    expect(await outputs()).toMatchObject({ one: { a: '/replaced' } })
    expect(calls().filter((path) => path === '/replaced')).toHaveLength(1)
  })

  it('goes on with the whole of a large answer and sends only its beginning', async () => {
    const { test, whole } = await draft(
      graphOf('start -> big -> length', {
        start: trigger,
        big: { type: 'code.javascript', params: { source: "return { text: 'x'.repeat(300000) }" } },
        length: set('length', '{{ input.text.length }}', 'only-set'),
      }),
    )
    await test('big', 'upTo', { input: {} })
    const { results } = await test('length', 'node')
    expect(results.find((result) => result.nodeId === idOf('length'))).toMatchObject({ output: { length: 300_000 } })
    expect(results.find((result) => result.nodeId === idOf('big'))).toMatchObject({ outputBytes: 300_011, output: { storedApart: true } })
    expect(JSON.parse(await whole('big'))).toEqual({ text: 'x'.repeat(300_000) })
  })

  it('marks what it found as stale once something before it changed or was tested anew', async () => {
    const graph = graphOf('start -> one -> two -> three', { start: trigger, one: set('a', 1), two: set('b', 2), three: set('c', 3) })
    const { test, stale, pin, change } = await draft(graph)
    await test('start', 'all', { input: {} })
    expect(await stale()).toEqual([])
    await change('two', { fields: [{ name: 'b', value: 3 }], keep: 'input' })
    expect(await stale()).toEqual(['two', 'three'])
    await test('two', 'node')
    expect(await stale()).toEqual(['three'])
    await test('three', 'node')
    expect(await stale()).toEqual([])
    await pin('one', { a: 9 })
    expect(await stale()).toEqual(['two', 'three'])
    await test('three', 'upTo')
    expect(await stale()).toEqual([])
  })
})
