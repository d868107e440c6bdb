import { expect, type Locator, type Page, test } from '@playwright/test'
import type { Graph, GraphNode, Json } from '@/workflows/graph/schema'
import { drawGraph, step } from '@/workflows/templates/draw-graph'
import { canvasDriver } from '../support/canvas-driver'
import { asOwner, giveSession, type Signed } from '../support/owner'

let signed: Signed

test.beforeAll(async ({ baseURL }) => {
  signed = await asOwner(baseURL as string)
})

async function openGraph(page: Page, baseURL: string | undefined, graph: Graph) {
  const url = baseURL as string
  await giveSession(page, url, signed.cookie)
  const name = `Containers ${Date.now().toString(36)}`
  const { id } = await signed.api.workflows.create.mutate({ name, graph: graph as unknown as Json })
  await page.goto(`${url}/o/${signed.slug}/workflows/${id}`)
  const driver = canvasDriver(page)
  await expect(driver.canvas).toHaveAttribute('data-ready', 'true')
  const frame = (title: string) => driver.canvas.locator('.mr-frame').filter({ has: page.getByText(title, { exact: true }) })
  return { ...driver, frame, id }
}

const graphOf = async (workflowId: string) => (await signed.api.workflows.get.query({ workflowId })).draft.graph
const parentOf = (graph: Graph, title: string) => graph.nodes.find((node) => node.title === title)?.parent

const held = (node: GraphNode, parent: string): GraphNode => ({ ...node, parent })

/** A loop with two steps between a start and an end, and one loose step. */
function looped() {
  return drawGraph(
    [
      step('begin_00', 'trigger.manual', 'Start', [0, 1]),
      { ...step('loop_000', 'flow.for_each', 'Each line', [1, 1], { items: '{{ [1, 2, 3] }}' }), size: { width: 560, height: 200 } },
      held({ ...step('reserve0', 'data.set', 'Reserve', [0, 0]), position: { x: 300, y: 220 } }, 'loop_000'),
      held({ ...step('record00', 'data.set', 'Record', [0, 0]), position: { x: 568, y: 220 } }, 'loop_000'),
      step('finish00', 'data.set', 'Finish', [4, 1]),
      { ...step('loose_00', 'data.set', 'Loose', [0, 0]), position: { x: 260, y: 420 } },
    ],
    ['begin_00 -> loop_000 -> finish00', 'reserve0 -> record00'],
  )
}

/** Presses on the card's name and lets go at a point of the window. */
async function dragTo(page: Page, card: Locator, to: { x: number; y: number }) {
  const box = await card.locator('.mr-nm').boundingBox()
  if (!box) throw new Error('it is not on the screen')
  await page.mouse.move(box.x + 10, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move((box.x + to.x) / 2, (box.y + to.y) / 2, { steps: 6 })
  await page.mouse.move(to.x, to.y, { steps: 6 })
}

const middleOf = async (target: Locator) => {
  const box = await target.boundingBox()
  if (!box) throw new Error('it is not on the screen')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, box }
}

test('a container takes a node by drag, showing where it would go, and gives it back', async ({ page, baseURL }) => {
  const { card, frame, id, saved } = await openGraph(page, baseURL, looped())
  const { box } = await middleOf(frame('Each line'))
  await dragTo(page, card('Loose'), { x: box.x + box.width / 2, y: box.y + box.height - 30 })
  await expect(frame('Each line')).toHaveAttribute('data-drop', 'true')
  await page.mouse.up()
  await saved()
  expect(parentOf(await graphOf(id), 'Loose')).toBe('loop_000')
  // The frame grew with what it holds, so it is left further down.
  const grown = await middleOf(frame('Each line'))
  await dragTo(page, card('Loose'), { x: grown.box.x + 80, y: grown.box.y + grown.box.height + 60 })
  await page.mouse.up()
  await saved()
  expect(parentOf(await graphOf(id), 'Loose')).toBeUndefined()
})

test('a container that is moved takes along what it holds; undo brings all of it back', async ({ page, baseURL }) => {
  const { frame, id, saved } = await openGraph(page, baseURL, looped())
  const before = await graphOf(id)
  const { box } = await middleOf(frame('Each line'))
  await dragTo(page, frame('Each line'), { x: box.x + 60, y: box.y + 140 })
  await page.mouse.up()
  await saved()
  const moved = await graphOf(id)
  const by = (nodeId: string) => {
    const [old, now] = [before, moved].map((graph) => graph.nodes.find((node) => node.id === nodeId)?.position)
    return { x: (now?.x ?? 0) - (old?.x ?? 0), y: (now?.y ?? 0) - (old?.y ?? 0) }
  }
  expect(by('loop_000').y).toBeGreaterThan(50)
  expect([by('reserve0'), by('record00')]).toEqual([by('loop_000'), by('loop_000')])
  expect(by('finish00')).toEqual({ x: 0, y: 0 })
  await page.keyboard.press('ControlOrMeta+z')
  await saved()
  await expect.poll(async () => (await graphOf(id)).nodes).toEqual(before.nodes)
})

test('a container is resized by hand, never below what it holds, and grows with what it holds', async ({ page, baseURL }) => {
  const { card, canvas, frame, id, saved } = await openGraph(page, baseURL, looped())
  const sizeOf = async () => {
    await saved()
    return (await graphOf(id)).nodes.find((node) => node.id === 'loop_000')?.size ?? { width: 0, height: 0 }
  }
  const resize = async (by: { x: number; y: number }) => {
    const corner = await middleOf(canvas.locator('.react-flow__node[data-id="loop_000"] .react-flow__resize-control.bottom.right.handle'))
    await page.mouse.move(corner.x, corner.y)
    await page.mouse.down()
    await page.mouse.move(corner.x + by.x / 2, corner.y + by.y / 2, { steps: 4 })
    await page.mouse.move(corner.x + by.x, corner.y + by.y, { steps: 4 })
    await page.mouse.up()
  }
  const holds = async (title: string) => {
    const [outer, inner] = [await middleOf(frame('Each line')), await middleOf(card(title))]
    return (
      inner.box.x > outer.box.x &&
      inner.box.y > outer.box.y &&
      inner.box.x + inner.box.width < outer.box.x + outer.box.width &&
      inner.box.y + inner.box.height < outer.box.y + outer.box.height
    )
  }
  await frame('Each line').locator('.mr-nm').click()
  const before = (await middleOf(frame('Each line'))).box
  await resize({ x: 60, y: 80 })
  const larger = (await middleOf(frame('Each line'))).box
  expect(larger.width).toBeGreaterThan(before.width + 40)
  expect(larger.height).toBeGreaterThan(before.height + 60)
  expect((await sizeOf()).width).toBeGreaterThan(560)
  await page.keyboard.press('ControlOrMeta+z')
  await expect.poll(sizeOf).toEqual({ width: 560, height: 200 })
  await resize({ x: -400, y: -120 })
  await saved()
  for (const title of ['Reserve', 'Record']) expect(await holds(title)).toBe(true)
  // A step that is pushed to its edge takes the edge along.
  const tight = (await middleOf(frame('Each line'))).box
  const step = await middleOf(card('Record'))
  await dragTo(page, card('Record'), { x: step.box.x + 10, y: tight.y + tight.height - 12 })
  await page.mouse.up()
  await expect.poll(async () => (await middleOf(frame('Each line'))).box.height).toBeGreaterThan(tight.height + 10)
  await saved()
  expect(parentOf(await graphOf(id), 'Record')).toBe('loop_000')
  expect(await holds('Record')).toBe(true)
})

test('a container collapses to a card with a count and opens again, by key', async ({ page, baseURL }) => {
  const { card, frame, canvas } = await openGraph(page, baseURL, looped())
  await frame('Each line').locator('.mr-nm').click()
  await page.keyboard.press('c')
  await expect(card('Each line').getByText('2 steps inside')).toBeVisible()
  await expect(canvas.getByText('Reserve')).toHaveCount(0)
  await page.keyboard.press('c')
  await expect(frame('Each line')).toBeVisible()
  await expect(card('Reserve')).toBeVisible()
})

test('removing a container asks what becomes of its steps, and undo restores it exactly', async ({ page, baseURL }) => {
  const { card, frame, id, saved } = await openGraph(page, baseURL, looped())
  const before = await graphOf(id)
  await frame('Each line').locator('.mr-nm').click()
  await page.keyboard.press('Delete')
  await page.getByRole('dialog', { name: 'Remove “Each line”?' }).getByRole('button', { name: 'Remove and keep the steps' }).click()
  await expect(frame('Each line')).toHaveCount(0)
  await expect(card('Reserve')).toBeVisible()
  await saved()
  const kept = await graphOf(id)
  expect(kept.edges.map((edge) => `${edge.from} ${edge.to}`).sort()).toEqual([
    'begin_00 reserve0',
    'record00 finish00',
    'reserve0 record00',
  ])
  await page.keyboard.press('ControlOrMeta+z')
  await saved()
  await expect.poll(async () => await graphOf(id)).toEqual(before)
})

test('what is chosen is put in a container from its menu', async ({ page, baseURL }) => {
  const line = drawGraph(
    [
      step('begin_00', 'trigger.manual', 'Start', [0, 0]),
      step('fetch_00', 'data.set', 'Fetch', [1, 0]),
      step('check_00', 'data.set', 'Check', [2, 0]),
      step('finish00', 'data.set', 'Finish', [3, 0]),
    ],
    ['begin_00 -> fetch_00 -> check_00 -> finish00'],
  )
  const { card, frame, id, saved } = await openGraph(page, baseURL, line)
  await card('Fetch').click()
  await card('Check').click({ modifiers: ['Shift'] })
  await page.getByRole('toolbar', { name: 'Actions for 2 nodes' }).getByRole('button', { name: 'Put in a container' }).click()
  await page.getByRole('menuitem', { name: 'Try', exact: true }).click()
  await expect(frame('Try')).toBeVisible()
  await saved()
  const graph = await graphOf(id)
  expect(parentOf(graph, 'Fetch')).toBe(graph.nodes.find((node) => node.title === 'Try')?.id)
  expect(graph.edges).toHaveLength(3)
})

test('an edge drawn backwards offers to repeat what lies between', async ({ page, baseURL }) => {
  const line = drawGraph(
    [
      step('begin_00', 'trigger.manual', 'Start', [0, 0]),
      step('fetch_00', 'data.set', 'Fetch', [1, 0]),
      step('check_00', 'data.set', 'Check', [2, 0]),
    ],
    ['begin_00 -> fetch_00 -> check_00'],
  )
  const { canvas, id, saved } = await openGraph(page, baseURL, line)
  const from = await middleOf(canvas.getByLabel('Way out of Check: goes on', { exact: true }))
  const to = await middleOf(canvas.getByLabel('Way into Fetch', { exact: true }))
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x, from.y + 120, { steps: 5 })
  await page.mouse.move(to.x, to.y, { steps: 8 })
  await page.mouse.up()
  await page.getByRole('dialog', { name: 'Repeat these steps?' }).getByRole('button', { name: 'Repeat until…' }).click()
  await expect(page.getByRole('dialog', { name: 'Repeat', exact: true })).toBeVisible()
  await saved()
  const graph = await graphOf(id)
  const repeat = graph.nodes.find((node) => node.type === 'flow.repeat')
  expect([parentOf(graph, 'Fetch'), parentOf(graph, 'Check')]).toEqual([repeat?.id, repeat?.id])
})

test('arrow keys enter a container and leave it, and the outline shows its steps below it', async ({ page, baseURL }) => {
  const { card, frame } = await openGraph(page, baseURL, looped())
  await frame('Each line').locator('.mr-nm').click()
  await page.keyboard.press('ArrowDown')
  await expect(card('Reserve')).toHaveAttribute('data-selected', 'true')
  await page.keyboard.press('ArrowLeft')
  await expect(frame('Each line')).toHaveAttribute('data-selected', 'true')
  await page.getByRole('button', { name: 'Outline' }).click()
  const row = page.getByRole('treeitem', { name: /Reserve/ })
  await expect(row).toHaveAttribute('aria-level', '2')
  await expect(page.locator('[data-outline="loop_000"]')).toHaveAttribute('aria-expanded', 'true')
})

test('steps are added inside an empty container by keys alone, and what stands beside it makes room, in one step of undo', async ({
  page,
  baseURL,
}) => {
  const empty = drawGraph(
    [
      step('begin_00', 'trigger.manual', 'Start', [0, 1]),
      { ...step('loop_000', 'flow.for_each', 'Each line', [1, 1], { items: '{{ [1, 2, 3] }}' }), size: { width: 304, height: 152 } },
      { ...step('finish00', 'data.set', 'Finish', [0, 0]), position: { x: 640, y: 100 } },
    ],
    ['begin_00 -> loop_000 -> finish00'],
  )
  const { card, frame, id, saved, canvas } = await openGraph(page, baseURL, empty)
  await canvas.locator('.react-flow__pane').click({ position: { x: 20, y: 20 } })
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect(frame('Each line')).toHaveAttribute('data-selected', 'true')
  await expect(frame('Each line')).toContainText('Drop steps here, or press I')
  const add = async (key: string, name: string) => {
    await page.keyboard.press(key)
    await page.getByRole('dialog', { name }).getByRole('combobox').fill('set fields')
    await page.keyboard.press('Enter')
    await saved()
  }
  await add('i', 'Add a step inside')
  await expect(card('Set fields')).toHaveAttribute('data-selected', 'true')
  const before = await graphOf(id)
  await add('Tab', 'What comes next?')
  const { nodes, edges } = await graphOf(id)
  const [first, second] = nodes.filter((node) => node.parent === 'loop_000')
  expect(edges).toContainEqual(expect.objectContaining({ from: first?.id, to: second?.id }))
  const [loop, finish] = [await middleOf(frame('Each line')), await middleOf(card('Finish'))]
  expect(finish.box.x).toBeGreaterThan(loop.box.x + loop.box.width)
  await page.keyboard.press('ControlOrMeta+z')
  await saved()
  expect(await graphOf(id)).toEqual(before)
})

test('a node is added inside a frame by a double click there', async ({ page, baseURL }) => {
  const { frame, id, saved } = await openGraph(page, baseURL, looped())
  const { box } = await middleOf(frame('Each line'))
  await page.mouse.dblclick(box.x + box.width / 2, box.y + box.height - 20)
  await page.getByRole('combobox').fill('http')
  await page.getByRole('option', { name: /HTTP request/ }).click()
  await saved()
  expect(parentOf(await graphOf(id), 'HTTP request')).toBe('loop_000')
})

test('chosen nodes are grouped by key, and a collapsed group keeps its edges', async ({ page, baseURL }) => {
  const { canvas, card, frame, id, saved } = await openGraph(page, baseURL, looped())
  await frame('Each line').locator('.mr-nm').click()
  await card('Finish').click({ modifiers: ['Shift'] })
  await page.keyboard.press('ControlOrMeta+g')
  await expect(frame('Group')).toBeVisible()
  await page.getByRole('radio', { name: 'Moss' }).click()
  await expect(frame('Group')).toHaveAttribute('data-colour', 'moss')
  await frame('Group').locator('.mr-nm').first().click()
  await page.keyboard.press('c')
  await expect(card('Group').getByText('4 steps inside')).toBeVisible()
  await expect(canvas.locator('.react-flow__edge')).toHaveCount(1)
  await saved()
  const grouped = await graphOf(id)
  expect(grouped.edges).toHaveLength(3)
  await page.keyboard.press('ControlOrMeta+Shift+g')
  await expect(card('Finish')).toBeVisible()
  await saved()
  expect((await graphOf(id)).nodes.some((node) => node.group !== undefined || node.type === 'note.group')).toBe(false)
})
