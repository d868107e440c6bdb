import { expect, type Locator, type Page, test } from '@playwright/test'
import type { Graph, Json } from '@/workflows/graph/schema'
import { drawGraph, note, step } from '@/workflows/templates/draw-graph'
import { largeGraph } from '../../bench/canvas/large-graph'
import { canvasDriver } from '../support/canvas-driver'
import { asOwner, giveSession, type Signed } from '../support/owner'

test.describe.configure({ lock: '-exclusive-' })

let signed: Signed

test.beforeAll(async ({ baseURL }) => {
  signed = await asOwner(baseURL as string)
})

async function openGraph(page: Page, baseURL: string | undefined, graph: Graph) {
  const url = baseURL as string
  await giveSession(page, url, signed.cookie)
  const { id } = await signed.api.workflows.create.mutate({ name: `Canvas ${Date.now().toString(36)}`, graph: graph as unknown as Json })
  await page.goto(`${url}/o/${signed.slug}/workflows/${id}`)
  await expect(page.getByTestId('canvas')).toHaveAttribute('data-ready', 'true')
  return { ...canvasDriver(page), id }
}

const graphOf = async (workflowId: string) => (await signed.api.workflows.get.query({ workflowId })).draft.graph

function small() {
  return drawGraph(
    [
      step('begin_00', 'trigger.manual', 'Start', [0, 0]),
      step('prepare0', 'data.set', 'Prepare', [1, 1]),
      step('finish00', 'data.set', 'Finish', [2, 0]),
      note('remark00', '**Credit limit**', [0, 2], { width: 208, height: 84 }),
    ],
    ['begin_00 -> prepare0 -> finish00'],
  )
}

/** Puts a text on the clipboard's way, as Ctrl V would. */
async function paste(page: Page, text: string) {
  await page.evaluate((given) => {
    const data = new DataTransfer()
    data.setData('text/plain', given)
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, text)
}

/** Drops a file on the canvas, so far from its left and its lower edge; gives the point. */
async function dropFile(page: Page, name: string, text: string, { right, up } = { right: 300, up: 240 }) {
  return page.getByTestId('canvas').evaluate(
    (element, given) => {
      const data = new DataTransfer()
      data.items.add(new File([given.text], given.name))
      const box = element.getBoundingClientRect()
      const at = { x: box.left + given.right, y: box.bottom - given.up }
      const event = { clientX: at.x, clientY: at.y, bubbles: true, cancelable: true, dataTransfer: data }
      element.dispatchEvent(new DragEvent('dragover', event))
      element.dispatchEvent(new DragEvent('drop', event))
      return at
    },
    { name, text, right, up },
  )
}

async function boxOf(target: Locator) {
  const box = await target.boundingBox()
  if (!box) throw new Error('it is not on the screen')
  return box
}

const middleOf = async (target: Locator) => {
  const { x, y, width, height } = await boxOf(target)
  return { x: x + width / 2, y: y + height / 2 }
}

async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }) {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 })
  await page.mouse.move(to.x, to.y, { steps: 4 })
  await page.mouse.up()
}

test('a large graph seen from afar is plain boxes and a few paths; seen near, cards with ports', async ({ page, baseURL }) => {
  const { canvas } = await openGraph(page, baseURL, largeGraph())
  await expect(canvas).toHaveAttribute('data-zoom', 'plain')
  await expect(canvas.locator('[data-node-id]')).toHaveCount(1000)
  await expect(canvas.locator('.react-flow__handle')).toHaveCount(0)
  await expect(canvas.locator('.react-flow__edge')).toHaveCount(0)
  expect(await canvas.locator('.mr-far-edges path').count()).toBeLessThan(20)
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThanOrEqual(6000)
  await page.getByTitle('Zoom to 100 %').click()
  await expect(canvas).toHaveAttribute('data-zoom', 'full')
  expect(await canvas.locator('.react-flow__handle').count()).toBeGreaterThan(10)
  expect(await canvas.locator('.react-flow__edge').count()).toBeGreaterThan(5)
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThanOrEqual(6000)
})

test('a problem is said after an edit, and taken back when it is mended', async ({ page, baseURL }) => {
  const { card, saved } = await openGraph(page, baseURL, small())
  await card('Start').click()
  await page.keyboard.press('Delete')
  await expect(page.getByRole('button', { name: /problem/i }).first()).toBeVisible()
  await page.keyboard.press('ControlOrMeta+z')
  await expect(card('Start')).toBeVisible()
  await saved()
})

test('copied steps are pasted around the pointer, and in the middle of what is seen while it is elsewhere', async ({ page, baseURL }) => {
  const { canvas } = await openGraph(page, baseURL, small())
  const copied = JSON.stringify(drawGraph([step('pasted00', 'data.set', 'Pasted', [30, 40])], []))
  const box = await boxOf(canvas)
  const target = { x: box.x + box.width / 2, y: box.y + box.height - 140 }
  await page.mouse.move(target.x, target.y)
  await paste(page, copied)
  const first = canvas.locator('[data-node-id]').filter({ hasText: 'Pasted' })
  await expect(first).toHaveCount(1)
  await expect.poll(async () => Math.hypot((await middleOf(first)).x - target.x, (await middleOf(first)).y - target.y)).toBeLessThan(24)
  await page.keyboard.press('ControlOrMeta+z')
  await expect(first).toHaveCount(0)
  await page.mouse.move(20, 20)
  await paste(page, copied)
  await expect(first).toHaveCount(1)
  await expect
    .poll(async () => Math.abs((await middleOf(first)).x - box.x - box.width / 2), { message: 'across the middle of the canvas' })
    .toBeLessThan(24)
})

test('a cURL command that is pasted becomes an HTTP request without its secret', async ({ page, baseURL }) => {
  const { card, id, saved } = await openGraph(page, baseURL, small())
  await paste(
    page,
    `curl -X POST 'https://shop.example/orders?dry=1' -H 'Authorization: Bearer sk-secret' -H 'Accept: text/plain' --json '{"sku":"OAK-1"}'`,
  )
  await expect(card('POST orders')).toBeVisible()
  await expect(page.getByText('Left out of the request: authorization')).toBeVisible()
  await saved()
  const made = (await graphOf(id)).nodes.find((node) => node.title === 'POST orders')
  expect(made?.params).toMatchObject({
    method: 'POST',
    url: 'https://shop.example/orders',
    query: { dry: '1' },
    bodyJson: { sku: 'OAK-1' },
  })
  expect(JSON.stringify(made)).not.toContain('sk-secret')
})

test('a cURL command that is pasted with a step chosen goes behind it, in one step of undo, and is seen', async ({ page, baseURL }) => {
  const { card, id, saved } = await openGraph(page, baseURL, small())
  await card('Finish').locator('.mr-nm').click()
  await paste(page, 'curl https://shop.example/orders')
  await expect(card('GET orders')).toBeInViewport({ ratio: 1 })
  await saved()
  const { nodes, edges } = await graphOf(id)
  const made = nodes.find((node) => node.title === 'GET orders')
  expect(edges).toContainEqual(expect.objectContaining({ from: 'finish00', fromPort: 'main', to: made?.id, toPort: 'main' }))
  await page.keyboard.press('ControlOrMeta+z')
  await saved()
  await expect.poll(async () => (await graphOf(id)).nodes.length).toBe(4)
  expect((await graphOf(id)).edges).toHaveLength(2)
})

test('a cURL command that is pasted into a request sets it', async ({ page, baseURL }) => {
  const { id, open, saved } = await openGraph(page, baseURL, small())
  await paste(page, 'curl https://old.example/items')
  const panel = await open('GET items')
  // As a person pastes: with the caret in the field, which then shows the address and keeps it when it is left.
  const address = panel.getByRole('textbox', { name: 'URL' })
  await address.click()
  await address.evaluate((field, text) => {
    const data = new DataTransfer()
    data.setData('text/plain', text)
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, `curl -X PUT https://new.example/items/1 --json '{"n":1}'`)
  await expect(address).toHaveValue('https://new.example/items/1')
  await panel.getByRole('tab', { name: 'Notes' }).click()
  await saved()
  await expect
    .poll(async () => (await graphOf(id)).nodes.find((node) => node.title === 'GET items')?.params)
    .toMatchObject({ method: 'PUT', url: 'https://new.example/items/1', bodyJson: { n: 1 } })
})

test('a workflow or a cURL command that is dropped as a file becomes nodes where it was dropped; another file is named for what it is', async ({
  page,
  baseURL,
}) => {
  const { card, id, saved } = await openGraph(page, baseURL, small())
  await dropFile(page, 'dropped.json', JSON.stringify({ graph: drawGraph([step('other_00', 'data.set', 'Dropped', [5, 5])], []) }))
  await expect(card('Dropped')).toBeVisible()
  const at = await dropFile(page, 'order.sh', `curl -X POST https://shop.example/orders \\\n  --json '{"sku":"OAK-1"}'\n`, {
    right: 420,
    up: 120,
  })
  await expect(card('POST orders')).toBeVisible()
  const box = await boxOf(card('POST orders'))
  expect(Math.hypot(box.x + box.width / 2 - at.x, box.y + box.height / 2 - at.y)).toBeLessThan(box.width)
  await saved()
  const made = (await graphOf(id)).nodes.find((node) => node.title === 'POST orders')
  expect(made).toMatchObject({
    type: 'http.request',
    params: { method: 'POST', url: 'https://shop.example/orders', bodyJson: { sku: 'OAK-1' } },
  })
  await dropFile(page, 'note.txt', 'just some text')
  await expect(page.getByText('This holds no nodes.')).toBeVisible()
})

test('several chosen nodes are aligned and distributed, each in one step that undo takes back', async ({ page, baseURL }) => {
  const given = small()
  const uneven = { Start: { x: 0, y: 0 }, Prepare: { x: 240, y: 40 }, Finish: { x: 640, y: 280 } } as Record<
    string,
    { x: number; y: number }
  >
  const nodes = given.nodes
    .filter(({ title }) => title in uneven)
    .map((node) => ({ ...node, position: uneven[node.title] ?? node.position }))
  const { card, id, saved } = await openGraph(page, baseURL, { ...given, nodes })
  const arrange = async (count: number, item: string) => {
    const bar = page.getByRole('toolbar', { name: `Actions for ${count} nodes` })
    await bar.getByRole('button', { name: 'Align and distribute' }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  const places = async (of: 'x' | 'y') => {
    await saved()
    return (await graphOf(id)).nodes.map((node) => node.position[of])
  }
  await card('Prepare').click()
  await card('Finish').click({ modifiers: ['Shift'] })
  await arrange(2, 'Align top edges')
  await expect.poll(() => places('y')).toEqual([0, 40, 40])
  await page.keyboard.press('ControlOrMeta+z')
  await expect.poll(() => places('y')).toEqual([0, 40, 280])
  await card('Start').click({ modifiers: ['Shift'] })
  // The first and the last stay, and the gaps beside what stands between them become equal.
  await arrange(3, 'Distribute across')
  await expect.poll(() => places('x')).toEqual([0, 320, 640])
  expect(await places('y')).toEqual([0, 40, 280])
  await arrange(3, 'Distribute down')
  await expect.poll(() => places('y')).toEqual([0, 140, 280])
  await page.keyboard.press('ControlOrMeta+z')
  await page.keyboard.press('ControlOrMeta+z')
  await expect.poll(() => places('x')).toEqual([0, 240, 640])
})

test('tidy moves what is chosen and keeps the rest', async ({ page, baseURL }) => {
  const { card, id, saved } = await openGraph(page, baseURL, small())
  await card('Prepare').click()
  await card('Finish').click({ modifiers: ['Shift'] })
  await page.keyboard.press('Shift+T')
  await saved()
  const place = (graph: Graph, title: string) => graph.nodes.find((node) => node.title === title)?.position
  await expect.poll(async () => place(await graphOf(id), 'Finish')?.y === place(await graphOf(id), 'Prepare')?.y).toBe(true)
  expect(place(await graphOf(id), 'Start')).toEqual({ x: 0, y: 0 })
})

test('a sticky note takes each of its colours', async ({ page, baseURL }) => {
  const { canvas, id, saved } = await openGraph(page, baseURL, small())
  const sticky = canvas.locator('.mr-sticky[data-node-id]')
  await canvas.getByText('Credit limit').click()
  const seen = new Set<string>()
  for (const [name, colour] of [
    ['Moss', 'moss'],
    ['Water', 'water'],
    ['Clay', 'clay'],
    ['Sand', 'sand'],
  ] as const) {
    await page.getByRole('radio', { name }).click()
    await expect(sticky).toHaveAttribute('data-colour', colour)
    await expect(page.getByRole('radio', { name })).toHaveAttribute('aria-checked', 'true')
    await saved()
    await expect.poll(async () => (await graphOf(id)).nodes.find((node) => node.type === 'note.sticky')?.params.colour).toBe(colour)
    seen.add(await sticky.evaluate((note) => getComputedStyle(note).backgroundColor))
  }
  expect(seen.size).toBe(4)
})

test('a note whose text is taller shows that it goes on, scrolls where it is chosen, and shows all of it at a press', async ({
  page,
  baseURL,
}) => {
  const text = Array.from({ length: 12 }, (_, line) => `- Line ${line + 1}`).join('\n')
  const { canvas, id, saved } = await openGraph(
    page,
    baseURL,
    drawGraph(
      [note('tall_000', text, [0, 0], { width: 208, height: 120 }), note('short_00', 'Short', [2, 0], { width: 208, height: 120 })],
      [],
    ),
  )
  const [tall, short] = ['Line 1', 'Short'].map((words) =>
    canvas.locator('.mr-sticky').filter({ has: page.getByText(words, { exact: true }) }),
  )
  const words = (tall as Locator).locator('.mr-sticky-text')
  await expect(words).toHaveAttribute('data-more', 'true')
  await expect((short as Locator).locator('.mr-sticky-text')).not.toHaveAttribute('data-more')
  await expect((short as Locator).getByRole('button')).toHaveCount(0)
  await (tall as Locator).click({ position: { x: 20, y: 20 } })
  const view = await canvas.locator('.react-flow__viewport').getAttribute('style')
  await (tall as Locator).hover()
  await page.mouse.wheel(0, 2_000)
  await expect(words).not.toHaveAttribute('data-more')
  await expect(tall as Locator).toContainText('Line 12')
  expect(await canvas.locator('.react-flow__viewport').getAttribute('style')).toBe(view)
  await page.mouse.wheel(0, -2_000)
  await (tall as Locator).getByRole('button', { name: 'Show all' }).click()
  await expect(words).not.toHaveAttribute('data-more')
  await saved()
  expect((await graphOf(id)).nodes.find((node) => node.id === 'tall_000')?.size?.height).toBeGreaterThan(240)
  await page.keyboard.press('ControlOrMeta+z')
  await expect(words).toHaveAttribute('data-more', 'true')
})

test('the search for a node understands what is meant', async ({ page, baseURL }) => {
  await openGraph(page, baseURL, small())
  await page.locator('.react-flow__pane').dblclick({ position: { x: 500, y: 60 } })
  const search = page.getByRole('dialog', { name: 'Add a node' })
  await search.getByRole('combobox').fill('wait until Monday')
  await expect(search.getByRole('option').first()).toContainText('Wait')
  // What fits here and what one uses comes first among its kind.
  const data = search.getByRole('group', { name: 'Data' }).getByRole('option')
  await search.getByRole('combobox').fill('')
  await expect(data.first()).not.toContainText('Sort')
  await search.getByRole('combobox').fill('sort')
  await page.keyboard.press('Enter')
  await expect(search).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.locator('.react-flow__pane').dblclick({ position: { x: 500, y: 560 } })
  await expect(data.first()).toContainText('Sort')
})

test('the search for a node stands at the pointer, and near the edges of the window still whole on the screen', async ({
  page,
  baseURL,
}) => {
  const { canvas } = await openGraph(page, baseURL, small())
  const pane = await boxOf(canvas.locator('.react-flow__pane'))
  const port = canvas.getByLabel('Way out of Finish: goes on', { exact: true })
  const fields = { right: pane.x + pane.width - 12, bottom: pane.y + pane.height - 12 }
  const points = {
    middle: { x: Math.round(pane.x + 420), y: Math.round(pane.y + 60) },
    right: { x: Math.round(fields.right), y: Math.round(pane.y + 60) },
    bottom: { x: Math.round(pane.x + 420), y: Math.round(fields.bottom) },
  }
  const ways: [name: string, open: (at: { x: number; y: number }) => Promise<unknown>, beside: number][] = [
    ['Add a node', ({ x, y }) => page.mouse.dblclick(x, y), 0],
    // An edge is let go with its end at the pointer; the box leaves that end to be seen.
    ['What comes next?', async ({ x, y }) => drag(page, await middleOf(port), { x, y }), 8],
  ]
  for (const [name, open, beside] of ways)
    for (const [where, at] of Object.entries(points)) {
      await open(at)
      const search = page.getByRole('dialog', { name })
      const box = await boxOf(search)
      const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
      const reaches = { right: box.x + box.width, bottom: box.y + box.height }
      expect
        .soft(box.x >= 0 && box.y >= 0 && reaches.right <= width && reaches.bottom <= height, `${name}, ${where}: on the screen`)
        .toBe(true)
      // Where there is room its corner is at the pointer, else it lies beside it, as near as the window lets it.
      expect
        .soft(where === 'right' ? reaches.right : box.x, `${name}, ${where}: across`)
        .toBe(where === 'right' ? width - 8 : at.x + beside)
      if (where !== 'bottom') expect.soft(box.y, `${name}, ${where}: down`).toBe(at.y)
      else expect.soft(box.y <= at.y && at.y <= height - 8, `${name}, ${where}: down`).toBe(true)
      await page.keyboard.press('Escape')
      await expect(search).toHaveCount(0)
    }
})

test('a node that is dragged comes into line with another, and a line says so', async ({ page, baseURL }) => {
  const { canvas, card, id, saved } = await openGraph(page, baseURL, small())
  const lines = canvas.locator('.mr-guides line')
  const top = async (title: string) => (await card(title).boundingBox())?.y ?? Number.NaN
  const box = await card('Prepare').boundingBox()
  if (!box) throw new Error('the card is not on the screen')
  const from = { x: box.x + 60, y: box.y + 14 }
  const goal = await top('Finish')
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  // The drag begins with the second point, which is where the card is then held; the last lies within what a guide pulls.
  await page.mouse.move(from.x, from.y - 2)
  await page.mouse.move(from.x + 10, from.y - 60, { steps: 4 })
  await page.mouse.move(from.x + 10, from.y - 2 + (goal - box.y) + 3, { steps: 4 })
  await expect.poll(() => top('Prepare')).toBeCloseTo(goal, 0)
  await expect(lines).not.toHaveCount(0)
  await page.mouse.up()
  await expect(lines).toHaveCount(0)
  await saved()
  const nodes = (await graphOf(id)).nodes
  const place = (title: string) => nodes.find((node) => node.title === title)?.position.y
  expect(place('Prepare')).toBe(place('Finish'))
})

test('a locked node cannot be moved, edited or removed until it is unlocked', async ({ page, baseURL }) => {
  const { canvas, card, id, open, close, saved } = await openGraph(page, baseURL, small())
  await card('Prepare').click()
  await page.keyboard.press('l')
  await expect(card('Prepare').getByText('Locked')).toBeVisible()
  await page.keyboard.press('Delete')
  await expect(page.getByText('“Prepare” is locked. Unlock it first.')).toBeVisible()
  await card('Prepare')
    .locator('.mr-nm')
    .dragTo(canvas, { targetPosition: { x: 500, y: 60 } })
  await saved()
  expect((await graphOf(id)).nodes.find((node) => node.title === 'Prepare')).toMatchObject({ locked: true, position: { x: 260, y: 140 } })
  const panel = await open('Prepare')
  await expect(panel.getByText('This step is locked')).toBeVisible()
  await expect(panel.getByRole('textbox', { name: 'Name of the step' })).toHaveAttribute('readonly', '')
  await panel.getByRole('button', { name: 'Unlock' }).click()
  await expect(panel.getByText('This step is locked')).toHaveCount(0)
  await close()
  await saved()
  expect((await graphOf(id)).nodes.some((node) => node.locked)).toBe(false)
})

test('a CSV file that is dropped becomes a node with its rows; a million rows are refused in a sentence', async ({ page, baseURL }) => {
  const { card, id, saved } = await openGraph(page, baseURL, small())
  await dropFile(page, 'stock.csv', 'sku,amount\nOAK-1,3\nELM-2,5')
  await expect(card('stock')).toBeVisible()
  await saved()
  const made = (await graphOf(id)).nodes.find((node) => node.type === 'data.csv')
  expect(made?.params).toEqual({ mode: 'read', types: 'guess', data: 'sku,amount\nOAK-1,3\nELM-2,5' })
  await dropFile(page, 'all.csv', `a,b\n${'1,2\n'.repeat(1_000_000)}`)
  await expect(page.getByText(/“all.csv” has 3.8 MB, and a node holds at most 200 KB/)).toBeVisible()
})

test('of an OpenAPI document operations are chosen, which become HTTP requests', async ({ page, baseURL }) => {
  const { card, id, saved } = await openGraph(page, baseURL, small())
  const text = `openapi: 3.1.0
info: { title: Shop }
servers: [{ url: https://shop.example/v1 }]
security: [{ token: [] }]
paths:
  /orders/{id}:
    get: { summary: Look an order up, parameters: [{ name: id, in: path, required: true }] }
    delete: { summary: Cancel an order }
  /orders:
    post: { summary: Create an order, requestBody: { content: { application/json: { schema: { properties: { sku: { type: string } } } } } } }
`
  await dropFile(page, 'shop.yaml', text)
  const dialog = page.getByRole('dialog', { name: 'Requests of Shop' })
  await dialog.getByText('Look an order up').click()
  await dialog.getByText('Create an order').click()
  await dialog.getByRole('button', { name: 'Add 2 requests' }).click()
  await expect(card('Look an order up')).toBeVisible()
  await expect(page.getByText('These requests have to sign in: token')).toBeVisible()
  await saved()
  const urls = (await graphOf(id)).nodes.filter((node) => node.type === 'http.request').map((node) => node.params.url)
  expect(urls).toEqual(['https://shop.example/v1/orders/{{ input.id }}', 'https://shop.example/v1/orders'])
})

test('an edge shows what went through it in the last run: how many items, and how long they took', async ({ page, baseURL }) => {
  const { canvas, card } = await openGraph(
    page,
    baseURL,
    drawGraph(
      [
        step('begin_00', 'trigger.manual', 'Start', [0, 0], { sample: [{ n: 1 }, { n: 2 }, { n: 3 }] }),
        step('wait_000', 'flow.wait', 'Wait a second', [1, 0], { durationMs: 1_100 }),
        step('finish00', 'data.set', 'Finish', [2, 0]),
      ],
      ['begin_00 -> wait_000 -> finish00'],
    ),
  )
  await page.getByRole('button', { name: 'Test', exact: true }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Run test' }).click()
  await expect(card('Finish')).toHaveAttribute('data-status', 'succeeded')
  await expect(canvas.locator('.mr-edge-label')).toHaveText([/^3 items · (< 1|\d+) ms$/, /^3 items · [1-9]\.\d s$/])
})

test('an edge of a large graph is selected from afar, by a hand that trembles too, and removed', async ({ page, baseURL }) => {
  const { canvas, id, saved } = await openGraph(page, baseURL, largeGraph())
  await expect(canvas).toHaveAttribute('data-zoom', 'plain')
  const before = (await graphOf(id)).edges.length
  const first = await canvas.locator('[data-node-id]').first().boundingBox()
  if (!first) throw new Error('the card is not on the screen')
  const lit = canvas.locator('.mr-far-edges path[data-lit]')
  // Whole points, as a mouse gives them: the browser tells again where the mouse is when the page moves, and rounds.
  const [x, y] = [Math.round(first.x + first.width + 2), Math.round(first.y + first.height / 2)]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 2, y + 1)
  await page.mouse.up()
  await expect(lit).not.toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(lit).toHaveCount(0)
  await page.mouse.click(x, y)
  await expect(lit).not.toHaveCount(0)
  await page.keyboard.press('Delete')
  await saved()
  expect((await graphOf(id)).edges).toHaveLength(before - 1)
})

test('who sees the whole graph sees all of it when something opens below, and a view that was chosen stays', async ({ page, baseURL }) => {
  const tall = drawGraph(
    Array.from({ length: 8 }, (_, row) => step(`step000${row}`, row === 0 ? 'trigger.manual' : 'data.set', `Row ${row}`, [0, row])),
    [],
  )
  const { canvas, card } = await openGraph(page, baseURL, tall)
  const inside = async (title: string) => {
    const [box, frame] = [await card(title).boundingBox(), await canvas.boundingBox()]
    return !!box && !!frame && box.y >= frame.y && box.y + box.height <= frame.y + frame.height
  }
  const rows = ['Row 0', 'Row 7']
  await page.getByRole('button', { name: 'Outline' }).click()
  for (const title of rows) await expect.poll(() => inside(title)).toBe(true)
  await page.getByRole('button', { name: 'Hide', exact: true }).click()
  for (const title of rows) await expect.poll(() => inside(title)).toBe(true)
  await page.getByTitle('Zoom to 100 %').click()
  const zoom = () => canvas.getByTitle('Zoom to 100 %').textContent()
  await expect.poll(zoom).toBe('100%')
  await page.getByRole('button', { name: 'Outline' }).click()
  await expect(page.getByRole('tree', { name: 'Outline of the workflow' })).toBeVisible()
  expect(await zoom()).toBe('100%')
})
