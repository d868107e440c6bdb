import { type Browser, expect, type Page, test } from '@playwright/test'
import type { Graph } from '@/workflows/graph/schema'
import { canvasDriver } from '../support/canvas-driver'
import { asOwner, giveSession, type Signed } from '../support/owner'
import { graphOf } from '../support/plan-of'

/** What people and networks do to an editor: nothing is lost, and the screen says what happened. */
let signed: Signed
let url: string

test.beforeAll(async ({ baseURL }) => {
  url = baseURL as string
  signed = await asOwner(url)
})

const set = { type: 'data.set', params: { fields: [{ name: 'a', value: '1' }] } }
const small = () =>
  graphOf('begin -> one -> two', {
    begin: { type: 'trigger.manual', title: 'Begin' },
    one: { ...set, title: 'One' },
    two: { ...set, title: 'Two' },
  })

async function openGraph(browser: Browser, graph: Graph, before?: (page: Page) => Promise<unknown>) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await giveSession(page, url, signed.cookie)
  await before?.(page)
  const { id } = await signed.api.workflows.create.mutate({ name: `Bad ${Date.now().toString(36)}`, graph: graph as never })
  await page.goto(`${url}/o/${signed.slug}/workflows/${id}`)
  await expect(page.getByTestId('canvas')).toHaveAttribute('data-ready', 'true', { timeout: 60_000 })
  return { page, id, errors, ...canvasDriver(page) }
}

const graphNow = async (workflowId: string) => (await signed.api.workflows.get.query({ workflowId })).draft.graph

async function paste(page: Page, text: string) {
  await page.evaluate((given) => {
    const data = new DataTransfer()
    data.setData('text/plain', given)
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, text)
}

test('a graph of 10,000 nodes opens, is edited, undone and saved', async ({ browser }) => {
  test.setTimeout(240_000)
  const nodes = Array.from({ length: 10_000 }, (_, index) => ({
    id: `n${String(index).padStart(7, '0')}`,
    key: `n${index}`,
    title: `Step ${index}`,
    type: index === 0 ? 'trigger.manual' : 'data.set',
    version: 1,
    params: {},
    settings: { onError: 'fail' as const, atMostOnce: false, disabled: false, note: '' },
    position: { x: (index % 100) * 260, y: Math.floor(index / 100) * 120 },
  }))
  const edges = nodes.slice(1).map((node, index) => ({
    id: `e${String(index).padStart(7, '0')}`,
    from: (nodes[index] as (typeof nodes)[number]).id,
    fromPort: 'main',
    to: node.id,
    toPort: 'main',
  }))
  const { page, id, errors, saved } = await openGraph(browser, { schema: 1, nodes, edges } as never)
  page.setDefaultTimeout(60_000)
  await page.getByTestId('canvas').locator('.react-flow').focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('d')
  await expect(page.locator('[data-saving="saved"]')).toBeVisible({ timeout: 60_000 })
  await expect.poll(async () => (await graphNow(id)).nodes.filter((node) => node.settings.disabled).length, { timeout: 60_000 }).toBe(1)
  await page.keyboard.press('ControlOrMeta+z')
  await expect.poll(async () => (await graphNow(id)).nodes.filter((node) => node.settings.disabled).length, { timeout: 60_000 }).toBe(0)
  await saved()
  expect(errors).toEqual([])
  await page.context().close()
})

test('a name of 120 emoji is kept whole and stays in its card', async ({ browser }) => {
  const { page, id, card, canvas, saved, errors } = await openGraph(browser, small())
  await card('One').locator('.mr-nm').click()
  await page.keyboard.press('F2')
  await page.getByLabel('Name of the node').press('ControlOrMeta+a')
  await page.keyboard.insertText('🦔'.repeat(130))
  await page.keyboard.press('Enter')
  await saved()
  const node = (await graphNow(id)).nodes.find((one) => one.id.startsWith('one'))
  expect(node?.title).toBe('🦔'.repeat(120))
  await page.reload()
  const box = await canvas.locator(`[data-node-id="${node?.id}"]`).first().boundingBox()
  expect(box?.width).toBeLessThanOrEqual(260 * 1.5)
  expect(errors).toEqual([])
  await page.context().close()
})

test('pasted rubbish and hostile JSON change nothing, and the screen says so', async ({ browser }) => {
  test.setTimeout(120_000)
  const { page, id, errors } = await openGraph(browser, small())
  const before = await graphNow(id)
  const refused = page.getByText('This holds no nodes.')
  for (const text of [
    '{"nodes": [',
    '[]',
    '{"__proto__":{"polluted":true},"nodes":[{"__proto__":{"x":1}}]}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
    JSON.stringify({ schema: 1, nodes: [{ id: '<img src=x onerror=alert(1)>', type: 'shell.exec' }], edges: [{ from: 'nowhere' }] }),
    `{"nodes":"${'x'.repeat(2_000_000)}"}`,
  ]) {
    await paste(page, text)
    await expect(refused.first()).toBeVisible()
  }
  expect(await page.evaluate(() => ({}) as { polluted?: unknown })).toEqual({})
  expect(await graphNow(id)).toEqual(before)
  expect(errors).toEqual([])
  await page.context().close()
})

test('a node of a type that is gone is kept with its parameters, shown and explained, and everything around it can be edited', async ({
  browser,
}) => {
  const given = small()
  const limit = { type: 'data.limit', params: { list: '{{ input.rows }}', count: 40 } }
  const graph = { ...given, nodes: given.nodes.map((node) => (node.title === 'One' ? { ...node, ...limit } : node)) }
  // A server that runs an older build knows the type; this page does not.
  const { page, id, errors, open, close, card, saved } = await openGraph(browser, graph, (one) =>
    one.route('**/api/trpc/**workflows.get**', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: (await response.text()).replaceAll('"data.limit"', '"data.gone"') })
    }),
  )
  await expect(card('One')).toHaveAttribute('data-problem', 'true')
  const panel = await open('One')
  await expect(panel).toContainText('This build does not know the node type “data.gone” in version 1.')
  await expect(panel.locator('[data-kept-params]')).toContainText('"count": 40')
  await close()
  await card('Two').locator('.mr-nm').click()
  await page.keyboard.press('d')
  await saved()
  await expect.poll(async () => (await graphNow(id)).nodes.find((node) => node.title === 'Two')?.settings.disabled).toBe(true)
  expect((await graphNow(id)).nodes.find((node) => node.title === 'One')).toMatchObject(limit)
  expect(errors).toEqual([])
  await page.context().close()
})

test('a link to a step that is gone opens the canvas, says so, and leaves the keys to it', async ({ browser }) => {
  const many = graphOf('begin', {
    begin: { type: 'trigger.manual', title: 'Begin' },
    ...Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`s${index}`, { ...set, title: `Step ${index}` }])),
  })
  const { page, id, errors } = await openGraph(browser, many)
  await page.goto(`${url}/o/${signed.slug}/workflows/${id}?node=nowhere1`)
  await expect(page.getByText('That step is not in this workflow any more')).toBeVisible()
  await expect(page.getByTestId('canvas')).toHaveAttribute('data-ready', 'true')
  await page.keyboard.press('ControlOrMeta+f')
  await expect(page.getByRole('dialog', { name: 'Find in this workflow' })).toBeVisible()
  await expect(page.locator('[data-covered]')).toHaveCount(0)
  expect(errors).toEqual([])
  await page.context().close()
})

test('a cURL command with binary data becomes a request that asks for its file, or a sentence, never a broken node', async ({
  browser,
}) => {
  const { page, id, errors, saved } = await openGraph(browser, small())
  const toast = (text: string) => page.locator('[data-sonner-toast]').filter({ hasText: text })
  const before = await graphNow(id)
  for (const command of [
    "curl https://files.example/up --data-binary $'\\x00\\xff\\xfe\\x89PNG\\r\\n'",
    "curl https://files.example/up --data-binary $'\\x89PNG'",
    `curl https://files.example/up --data-binary '\u0000\u0001'`,
  ]) {
    await paste(page, command)
    await expect(toast('This cURL command holds binary data.')).toHaveCount(1)
    await toast('This cURL command holds binary data.').waitFor({ state: 'detached' })
  }
  expect(await graphNow(id)).toEqual(before)
  await paste(page, 'curl https://files.example/up --data-binary @photo.png')
  await expect(toast('The file stayed behind')).toBeVisible()
  await saved()
  const made = (await graphNow(id)).nodes.find((node) => node.type === 'http.request')
  expect(made?.params).toMatchObject({ method: 'POST', url: 'https://files.example/up', bodyMode: 'file' })
  expect(errors).toEqual([])
  await page.context().close()
})

test('with the storage full and the server out of reach the screen says so once, and nothing is lost when it comes back', async ({
  browser,
}) => {
  const { page, id, drop, saved } = await openGraph(browser, small(), async (one) => {
    await one.addInitScript(() => {
      const set = Storage.prototype.setItem
      Storage.prototype.setItem = function (key: string, value: string) {
        if (key.startsWith('millrace.draft.')) throw new DOMException('full', 'QuotaExceededError')
        set.call(this, key, value)
      }
    })
  })
  // Even what says that the network is gone comes over it.
  await expect(page.locator('section[aria-live]')).toBeAttached()
  await page.context().setOffline(true)
  await drop('data.set', { x: 500, y: 480 })
  await expect(page.getByText('Your last edits are on this page only')).toBeVisible({ timeout: 20_000 })
  await drop('flow.wait', { x: 800, y: 480 })
  await expect(page.getByText('Your last edits are on this page only')).toHaveCount(1)
  // Leaving asks first.
  let asked = false
  page.once('dialog', (dialog) => {
    asked = dialog.type() === 'beforeunload'
    void dialog.dismiss()
  })
  await page.evaluate(() => window.location.reload()).catch(() => undefined)
  await expect.poll(() => asked).toBe(true)
  await page.context().setOffline(false)
  await expect(page.locator('[data-saving="saved"]')).toBeVisible({ timeout: 30_000 })
  await saved()
  expect((await graphNow(id)).nodes).toHaveLength(5)
  await page.context().close()
})

test('a draft that was changed on the server while this page was offline holds both in the end', async ({ browser }) => {
  const { page, id, card, drop } = await openGraph(browser, small())
  await page.context().setOffline(true)
  await drop('flow.wait', { x: 800, y: 480 })
  await expect(page.locator('[data-saving="offline"]')).toBeVisible()
  const { draft } = await signed.api.workflows.get.query({ workflowId: id })
  const one = draft.graph.nodes.find((node) => node.title === 'One')
  await signed.api.drafts.applyOperations.mutate({
    workflowId: id,
    baseRevision: draft.revision,
    clientId: 'somebody',
    operations: [
      {
        opId: 'elsewhere-1',
        operation: { kind: 'renameNode', nodeId: one?.id as string, title: { before: 'One', after: 'Renamed elsewhere' } },
      },
    ],
  })
  await page.context().setOffline(false)
  await expect(page.locator('[data-saving="saved"]')).toBeVisible({ timeout: 30_000 })
  await expect(card('Renamed elsewhere')).toBeVisible({ timeout: 20_000 })
  await expect(card('Wait')).toBeVisible()
  expect((await graphNow(id)).nodes.map((node) => node.title).sort()).toEqual(['Begin', 'Renamed elsewhere', 'Two', 'Wait'])
  await page.context().close()
})

test('a reload in any state, right after an edit, and the way back lose nothing', async ({ browser }) => {
  test.setTimeout(180_000)
  const inside = { type: 'data.set', params: { fields: [{ name: 'a', value: '1' }] }, parent: 'each' }
  const given = graphOf('begin -> one -> two; begin -> each -> again -> attempt', {
    begin: { type: 'trigger.manual', title: 'Begin' },
    one: { ...set, title: 'One' },
    two: { ...set, title: 'Two' },
    each: { type: 'flow.for_each', title: 'Each', params: { items: '{{ [1, 2] }}' } },
    within: { ...inside, title: 'Within' },
    again: { type: 'flow.repeat', title: 'Again' },
    attempt: { type: 'flow.try', title: 'Attempt' },
  })
  const places: Record<string, { x: number; y: number }> = {
    Begin: { x: 0, y: 180 },
    One: { x: 300, y: 0 },
    Two: { x: 560, y: 0 },
    Each: { x: 300, y: 180 },
    Within: { x: 324, y: 244 },
    Again: { x: 760, y: 180 },
    Attempt: { x: 1220, y: 180 },
  }
  const { page, id, card, canvas, open, saved, errors } = await openGraph(browser, {
    ...given,
    nodes: given.nodes.map((node) => ({ ...node, position: places[node.title] ?? node.position })),
  })
  const frame = (title: string) => canvas.locator('.mr-frame', { hasText: title }).locator('.mr-nm').first()
  const reload = async () => {
    await page.reload()
    await expect(canvas).toHaveAttribute('data-ready', 'true')
  }
  // In the middle of typing.
  const panel = await open('One')
  const value = panel.getByRole('textbox', { name: 'Fields, value of a', exact: true })
  await value.fill('typed and not sent')
  await reload()
  await expect
    .poll(async () => JSON.stringify((await graphNow(id)).nodes.find((node) => node.title === 'One')?.params))
    .toContain('typed and not sent')
  // With each thing open.
  const states: (() => Promise<unknown>)[] = [
    async () => open('One'),
    async () => {
      await open('One')
      await page.getByRole('button', { name: 'Dock below the canvas' }).click()
      await expect(page.locator('[data-docked]')).toBeVisible()
    },
    ...['Each', 'Again', 'Attempt'].map((title) => async () => {
      await frame(title).dblclick()
      await expect(page.locator('[data-docked]').getByLabel('Name of the step')).toHaveValue(title)
    }),
    async () => {
      await frame('Attempt').dblclick()
      await page.locator('[data-docked]').getByRole('button', { name: 'Show in full' }).click()
      await expect(page.getByRole('dialog', { name: 'Attempt', exact: true })).toBeVisible()
    },
    async () => {
      await frame('Each').click()
      await page.keyboard.press('Delete')
      await expect(page.getByRole('dialog', { name: 'Remove “Each”?' })).toBeVisible()
    },
    async () => {
      await card('Two').locator('.mr-nm').click()
      await page.keyboard.press('Tab')
    },
    async () => page.getByRole('button', { name: 'Publish', exact: true }).click(),
    async () => page.getByRole('button', { name: 'Version history' }).click(),
    async () => page.getByRole('button', { name: /^Outline/ }).click(),
    async () => {
      await card('Two').locator('.mr-nm').click()
      await page.keyboard.press('F2')
    },
  ]
  const before = await graphNow(id)
  for (const state of states) {
    await page.keyboard.press('Escape')
    await state()
    await reload()
    for (const title of ['Begin', 'One', 'Two', 'Each', 'Again', 'Attempt'])
      await expect(canvas.locator('.mr-nm', { hasText: title }).first()).toBeVisible()
  }
  expect(await graphNow(id)).toEqual(before)
  // Away and back.
  await page.keyboard.press('Escape')
  await card('Two').locator('.mr-nm').click()
  await page.keyboard.press('d')
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Runs' }).click()
  await page.waitForURL('**/runs**')
  await page.goBack()
  await expect(canvas).toHaveAttribute('data-ready', 'true')
  await expect(card('Two')).toHaveAttribute('data-disabled', 'true')
  await saved()
  await page.goForward()
  await page.waitForURL('**/runs**')
  await page.goBack()
  await expect(card('Two')).toHaveAttribute('data-disabled', 'true')
  expect(errors).toEqual([])
  await page.context().close()
})
