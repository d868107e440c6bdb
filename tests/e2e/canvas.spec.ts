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
})
