import { expect } from 'vitest'
import type { Graph } from '@/workflows/graph/schema'
import { eventually } from '../support/eventually'
import { hookOf, published } from '../support/fill-with-work'
import type { Millrace } from '../support/millrace-client'
import { graphOf, idOf } from '../support/plan-of'
import type { Cluster } from './cluster'
import type { Provider } from './provider'

/** What people do most, from one end of a running instance to the other. */
export interface Journey {
  name: string
  go(cluster: Cluster, provider: Provider): Promise<void>
}

const hook = (params = {}) => ({ type: 'trigger.webhook', params })
const set = (name: string, value: string) => ({ type: 'data.set', params: { fields: [{ name, value }] } })

const publish = (api: Millrace, name: string, graph: Graph) => published(api, name, '', graph)

async function untilRun(api: Millrace, runId: string, status: string) {
  return eventually(`the run is ${status}`, async () => {
    const run = await api.runs.get.query({ runId })
    return run.status === status && run
  })
}

async function answersACaller({ owner: { api } }: Cluster): Promise<void> {
  const workflowId = await publish(
    api,
    'Answer',
    graphOf('start -> big -> answer; big.false -> small', {
      start: hook({ respond: 'respond-node' }),
      big: { type: 'flow.if', params: { conditions: [{ left: '{{ trigger.body.total }}', operator: 'greater', right: 50 }] } },
      answer: { type: 'http.respond', params: { status: 201, body: { size: 'big', total: '{{ trigger.body.total }}' } } },
      small: { type: 'http.respond', params: { status: 200, body: { size: 'small' } } },
    }),
  )
  const url = await hookOf(api, workflowId)
  const ask = async (total: number) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ total }),
    })
    return { status: response.status, body: await response.json() }
  }
  expect(await ask(60)).toEqual({ status: 201, body: { size: 'big', total: 60 } })
  expect(await ask(40)).toEqual({ status: 200, body: { size: 'small' } })
}

async function asksAPerson({ owner: { api } }: Cluster): Promise<void> {
  const workflowId = await publish(
    api,
    'Ask',
    graphOf('start -> ask; ask.approved -> yes; ask.declined -> no', {
      start: { type: 'trigger.manual' },
      ask: { type: 'people.approval', params: { title: 'Pay {{ input.total }}?' } },
      yes: set('way', 'paid'),
      no: set('way', 'refused'),
    }),
  )
  for (const [decision, way] of [
    ['approved', 'paid'],
    ['declined', 'refused'],
  ] as const) {
    const { runId } = await api.runs.start.mutate({ workflowId, input: { total: 7 } })
    const task = await eventually('the task is there', async () =>
      (await api.tasks.list.query({ state: 'open' })).items.find((one) => one.runId === runId),
    )
    expect(task.title).toBe('Pay 7?')
    await api.tasks.decide.mutate({ taskId: task.id, decision })
    expect(await untilRun(api, runId, 'succeeded')).toMatchObject({ output: { way } })
  }
}

async function isRepaired({ owner: { api } }: Cluster, provider: Provider): Promise<void> {
  await api.variables.set.mutate({ name: 'shop_is_closed', value: true })
  const body = { method: 'POST', url: `${provider.url}/journey/repair`, bodyMode: 'json', bodyJson: { n: '{{ trigger.body.n }}' } }
  const workflowId = await publish(
    api,
    'Repair',
    graphOf('start -> send -> closed; closed.true -> stop; closed.false -> end', {
      start: hook(),
      send: { type: 'http.request', params: body },
      closed: { type: 'flow.if', params: { conditions: [{ left: '{{ vars.shop_is_closed }}', operator: 'is_true' }] } },
      stop: { type: 'flow.stop', params: { message: 'The shop is closed' } },
      end: set('done', '{{ input.body.n }}'),
    }),
  )
  const sent = await fetch(await hookOf(api, workflowId), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ n: 3 }),
  })
  const { runId } = (await sent.json()) as { runId: string }
  expect(await untilRun(api, runId, 'failed')).toMatchObject({ error: { message: 'The shop is closed' } })
  const letter = await eventually('a dead letter is open', async () => (await api.deadLetters.list.query({ workflowId })).items[0])
  await api.variables.set.mutate({ name: 'shop_is_closed', value: false })
  const again = await api.deadLetters.resolve.mutate({ deadLetterId: letter.id, fromPath: idOf('closed') })
  expect(await untilRun(api, again.runId, 'succeeded')).toMatchObject({ output: { done: 3 } })
  // What was done before the failure is not done again.
  expect(provider.ledger.filter(({ path }) => path === '/journey/repair')).toHaveLength(1)
  await eventually('the letter is closed', async () => (await api.deadLetters.get.query({ deadLetterId: letter.id })).state === 'resolved')
}

export const journeys: readonly Journey[] = [
  { name: 'a caller hears the answer of the branch that was taken', go: answersACaller },
  { name: 'a person decides, and the run goes on with what was said', go: asksAPerson },
  { name: 'a failed run goes on behind what was done, once its cause is gone', go: isRepaired },
]
