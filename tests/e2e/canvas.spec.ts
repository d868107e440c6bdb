import { expect, type Page, test } from '@playwright/test'
import type { Graph, Json } from '@/workflows/graph/schema'
import { drawGraph, note, step } from '@/workflows/templates/draw-graph'
import { largeGraph } from '../../bench/canvas/large-graph'
import { canvasDriver } from '../support/canvas-driver'
import { asOwner, giveSession, type Signed } from '../support/owner'

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

test('a cURL command that is pasted into a request sets it', async ({ page, baseURL }) => {
  const { id, open, saved } = await openGraph(page, baseURL, small())
  await paste(page, 'curl https://old.example/items')
  const panel = await open('GET items')
  await panel.getByRole('textbox', { name: 'URL' }).evaluate((field, text) => {
    const data = new DataTransfer()
    data.setData('text/plain', text)
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, `curl -X PUT https://new.example/items/1 --json '{"n":1}'`)
  await saved()
  await expect
    .poll(async () => (await graphOf(id)).nodes.find((node) => node.title === 'GET items')?.params)
    .toMatchObject({ method: 'PUT', url: 'https://new.example/items/1', bodyJson: { n: 1 } })
})

test('a workflow that is dropped as a file becomes nodes where it was dropped; another file is named for what it is', async ({
  page,
  baseURL,
}) => {
  const { canvas, card } = await openGraph(page, baseURL, small())
  const drop = (text: string) =>
    canvas.evaluate((element, given) => {
      const data = new DataTransfer()
      data.items.add(new File([given], 'dropped.json'))
      const box = element.getBoundingClientRect()
      const at = { clientX: box.left + 300, clientY: box.bottom - 200, bubbles: true, cancelable: true, dataTransfer: data }
      element.dispatchEvent(new DragEvent('dragover', at))
      element.dispatchEvent(new DragEvent('drop', at))
    }, text)
  await drop(JSON.stringify({ graph: drawGraph([step('other_00', 'data.set', 'Dropped', [5, 5])], []) }))
  await expect(card('Dropped')).toBeVisible()
  await drop('just some text')
  await expect(page.getByText('This holds no nodes.')).toBeVisible()
})

test('several chosen nodes are aligned in one step that undo takes back', async ({ page, baseURL }) => {
  const { card, id, saved } = await openGraph(page, baseURL, small())
  await card('Prepare').click()
  await card('Finish').click({ modifiers: ['Shift'] })
  await page.getByRole('toolbar', { name: 'Actions for 2 nodes' }).getByRole('button', { name: 'Align and distribute' }).click()
  await page.getByRole('menuitem', { name: 'Align top edges' }).click()
  const tops = async () => {
    await saved()
    return (await graphOf(id)).nodes.filter((node) => ['Prepare', 'Finish'].includes(node.title)).map((node) => node.position.y)
  }
  await expect.poll(tops).toEqual([0, 0])
  await page.keyboard.press('ControlOrMeta+z')
  await expect.poll(tops).toEqual([140, 0])
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

test('a sticky note takes a colour', async ({ page, baseURL }) => {
  const { canvas, id, saved } = await openGraph(page, baseURL, small())
  await canvas.getByText('Credit limit').click()
  await page.getByRole('radio', { name: 'Moss' }).click()
  await expect(canvas.locator('.mr-sticky[data-node-id]')).toHaveAttribute('data-colour', 'moss')
  await saved()
  expect((await graphOf(id)).nodes.find((node) => node.type === 'note.sticky')?.params.colour).toBe('moss')
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

/** Drops a file on the canvas, or only its beginning under a size of its own. */
async function dropFile(page: Page, name: string, text: string) {
  await page.getByTestId('canvas').evaluate(
    (element, given) => {
      const data = new DataTransfer()
      data.items.add(new File([given.text], given.name))
      const box = element.getBoundingClientRect()
      const at = { clientX: box.left + 300, clientY: box.bottom - 240, bubbles: true, cancelable: true, dataTransfer: data }
      element.dispatchEvent(new DragEvent('dragover', at))
      element.dispatchEvent(new DragEvent('drop', at))
    },
    { name, text },
  )
}

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

test('an edge shows what went through it in the last run', async ({ page, baseURL }) => {
  const { canvas } = await openGraph(page, baseURL, small())
  await page.getByRole('button', { name: 'Test', exact: true }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Run test' }).click()
  await expect(canvas.locator('.mr-edge-label').first()).toContainText('1 item')
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
