import type { AnyProcedure } from '@trpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { newId } from '@/db/ids'
import { templates } from '@/db/schema'
import type { Context } from '@/server/api/context'
import { problemOf } from '@/server/api/problem'
import { restRoutes } from '@/server/api/rest-routes'
import { appRouter } from '@/server/api/root'
import { createCallerFactory, type Meta } from '@/server/api/trpc'
import { asAdmin, makeOrganization, type TestOrganization } from '@/tests/support/database'
import { makeApiKey, makeEverything } from '@/tests/support/make-things'
import { startWeb, type TestWeb } from '@/tests/support/web-server'
import { emptyGraph } from '@/workflows/graph/schema'

type Ids = Awaited<ReturnType<typeof makeEverything>>
const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, AnyProcedure>).map(([name, { _def }]) => {
  const { meta, inputs, type } = _def as unknown as { meta: Meta; inputs: z.ZodObject[]; type: string }
  return { name, type, permission: meta.permission, shape: (inputs[0]?.shape ?? {}) as Record<string, z.ZodType> }
})

/** What a field needs that is no id, so that the call gets as far as looking for the thing. */
const plain: Record<string, unknown> = {
  from: 'draft',
  to: 'draft',
  name: 'Another name',
  tag: 'staging',
  path: 'setfields1',
  nodeId: 'setfields1',
  mode: 'node',
  source: 'test',
  index: 0,
  output: 1,
  variables: { rate: 1 },
  revision: 0,
  baseRevision: 0,
  clientId: 'client',
  operations: [{ opId: 'operation1', operation: { kind: 'setDisabled', nodeIds: ['setfields1'], disabled: true } }],
  decision: 'approved',
  reason: 'Because',
  role: 'viewer',
  value: 1,
  cron: '0 3 * * *',
  timeZone: 'UTC',
  note: '',
}

/** Inputs that are right in themselves, for calls that must fail by the id alone. */
const given: Record<string, unknown> = {
  type: 'http.bearer',
  email: 'somebody@example.com',
  secret: { token: 'x' },
  'alerts.setTarget.url': 'https://alerts.example.com/hook',
  'alerts.setTarget.kinds': ['run.failed'],
  'credentials.create.allowedHosts': ['api.example.com'],
  'credentials.create.name': 'Another credential',

  'variables.set.name': 'another_variable',
  slug: 'a-template',
  document: { millrace: 1, name: 'Imported', description: '', graph: { schema: 1, nodes: [], edges: [] }, credentials: {} },
  by: 'workflow',
  'costs.summary.from': new Date(Date.now() - 86_400_000),
  'costs.summary.to': new Date(),
}

describe('another organization’s ids', () => {
  let mine: TestOrganization
  let theirs: Ids
  let web: TestWeb
  let token: string
  beforeAll(async () => {
    const other = await makeOrganization()
    mine = await makeOrganization()
    theirs = await makeEverything(other)
    await asAdmin((db) =>
      db
        .insert(templates)
        .values({ id: newId('tpl'), slug: 'a-template', name: 'T', summary: '', description: '', category: 'x', graph: emptyGraph }),
    )
    token = (await makeApiKey(mine)).token
    web = await startWeb()
  })
  afterAll(() => web?.stop())

  const idsIn = (shape: Record<string, z.ZodType>) => Object.keys(shape).filter((key): key is keyof Ids => key in theirs)
  const needed = (shape: Record<string, z.ZodType>) => idsIn(shape).filter((key) => !shape[key]?.safeParse(undefined).success)
  const inputOf = (shape: Record<string, z.ZodType>, ids: readonly string[]) =>
    Object.fromEntries(
      Object.entries(shape).flatMap(([key, schema]) => {
        if (ids.includes(key)) return [[key, theirs[key as keyof Ids]]]
        return schema.safeParse(undefined).success ? [] : [[key, plain[key]]]
      }),
    )
  const call = async (name: string, input: unknown) => {
    const context: Context = {
      requestId: 'test',
      address: null,
      agent: null,
      rate: null,
      viewer: async () => ({
        user: { ...mine.owner, timeZone: null, locale: null },
        session: { id: 'ses_00000000000000000000000000000000', createdAt: new Date(), expiresAt: new Date() },
      }),
      caller: async () => mine.caller,
      count: () => {},
    }
    let at: unknown = createCallerFactory(appRouter)(context)
    for (const part of name.split('.')) at = (at as Record<string, unknown>)[part]
    return (at as (input: unknown) => Promise<unknown>)(input)
  }

  function needsId(shape: Record<string, z.ZodType>) {
    return Object.keys(shape).some(
      (key) => /Id$/.test(key) && key !== 'nodeId' && key !== 'clientId' && key !== 'opId' && !shape[key]?.safeParse(undefined).success,
    )
  }

  it.each(procedures.filter(({ type, shape }) => type !== 'subscription' && needsId(shape)))(
    'answer 404 at $name',
    async ({ name, shape }) => {
      const error = await call(name, inputOf(shape, needed(shape))).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      expect(problemOf(error, null)).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    },
  )

  it.each(restRoutes().filter((route) => route.names.some((name) => name.endsWith('Id'))))('answer 404 at $method $path', async (route) => {
    const shape = (route.input?.shape ?? {}) as Record<string, z.ZodType>
    const input = inputOf(shape, needed(shape))
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => String(input[name]))
    const rest = Object.fromEntries(Object.entries(input).filter(([key]) => !route.names.includes(key)))
    const query = route.method === 'GET' ? `?${new URLSearchParams(rest as Record<string, string>)}` : ''
    const response = await fetch(`${web.url}/api/v1${path}${query}`, {
      method: route.method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(route.method === 'GET' || route.method === 'DELETE' ? {} : { 'content-type': 'application/json' }),
      },
      ...(route.method === 'GET' || route.method === 'DELETE' ? {} : { body: JSON.stringify(rest) }),
    })
    expect({ status: response.status, body: await response.json() }).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  })

  it.each(
    procedures.filter(
      ({ name, type, shape, permission }) => type === 'query' && permission !== 'public' && name !== 'templates.get' && !needsId(shape),
    ),
  )('never appear in $name', async ({ name, shape }) => {
    const given =
      name === 'costs.summary'
        ? { from: new Date(Date.now() - 86_400_000), to: new Date(), by: 'workflow' }
        : name === 'search.everything'
          ? { q: 'Workflow' }
          : name === 'workflows.callees'
            ? { calls: [{ workflowId: theirs.workflowId, version: 'live' }] }
            : inputOf(shape, [])
    const answers = [await call(name, Object.keys(shape).length > 0 ? given : undefined)]
    // Named as a filter, they find nothing.
    for (const key of idsIn(shape)) answers.push(await call(name, { ...given, [key]: theirs[key] }).catch(() => null))
    const text = JSON.stringify(answers)
    for (const id of Object.values(theirs)) expect(text).not.toContain(id)
  })

  const idFields = (shape: Record<string, z.ZodType>) => Object.keys(shape).filter((key) => /(Id|Ids|^ids)$/.test(key))
  const noThings = new Set(['nodeId', 'triggerNodeId', 'clientId', 'opId', 'lastEventId'])

  it('are known by every field that takes one: a new kind of id needs a thing of its own here', () => {
    const unknown = procedures.flatMap(({ name, shape }) =>
      idFields(shape)
        .filter((key) => !noThings.has(key) && key !== 'ids' && !(key in theirs))
        .map((key) => `${name}.${key}`),
    )
    expect(unknown).toEqual([])
  })

  // One id of theirs among things of mine, optional ids too.
  it.each(
    procedures
      .filter(({ type, permission }) => type !== 'subscription' && permission !== 'public')
      .flatMap(({ name, shape }) =>
        idFields(shape)
          .filter((key) => !noThings.has(key))
          .map((key) => ({ name, key, shape })),
      ),
  )('answer 404 at $name as $key among one’s own', async ({ name, key, shape }) => {
    mine = await makeOrganization({ owner: mine.owner })
    const own = await makeEverything(mine)
    const input: Record<string, unknown> = Object.fromEntries(
      Object.entries(shape).flatMap(([field, schema]) => {
        if (schema.safeParse(undefined).success && !(`${name}.${field}` in given)) return []
        return [[field, field in own ? own[field as keyof Ids] : (given[`${name}.${field}`] ?? given[field] ?? plain[field])]]
      }),
    )
    if (name === 'deadLetters.resolveMany') input.ids = [own.deadLetterId]
    input[key] = key === 'ids' ? [theirs.deadLetterId] : theirs[key as keyof Ids]
    const answer = await call(name, input).then(
      (value) => ({ value }),
      (error: unknown) => ({ problem: problemOf(error, null) }),
    )
    if ('problem' in answer) expect(answer.problem, JSON.stringify(input)).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    else if (name === 'deadLetters.resolveMany') expect(answer.value).toMatchObject({ resolved: [], refused: [{}] })
    else {
      // A filter: it finds nothing of theirs.
      const text = JSON.stringify(answer.value)
      for (const id of Object.values(theirs)) expect(text).not.toContain(id)
      expect(procedures.find((one) => one.name === name)?.type).toBe('query')
    }
  })

  it.each(procedures.filter(({ type }) => type === 'subscription'))('are not followed by $name', async ({ name, shape }) => {
    const ids = idsIn(shape)
    if (ids.length === 0) return
    for (const key of ids) {
      const stream = (await call(name, { [key]: theirs[key] })) as AsyncIterable<unknown>
      const error = await stream[Symbol.asyncIterator]()
        .next()
        .then(
          () => null,
          (thrown: unknown) => thrown,
        )
      expect(problemOf(error, null)).toMatchObject({ status: 404 })
    }
  })
})
