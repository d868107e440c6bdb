import { expect, type Page, test } from '@playwright/test'
import type { Graph, Json } from '@/workflows/graph/schema'
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
  const { id } = await signed.api.workflows.create.mutate({ name: `Work ${Date.now().toString(36)}`, graph: graph as unknown as Json })
  await page.goto(`${url}/o/${signed.slug}/workflows/${id}`)
  const driver = canvasDriver(page)
  await expect(driver.canvas).toHaveAttribute('data-ready', 'true')
  return { ...driver, id }
}

const fields = (name: string, value: Json) => ({ fields: [{ name, value }], keep: 'only-set' })

/** A collapsed loop with one step in it, before a step that reads what the loop gives. */
function loop() {
  return drawGraph(
    [
      step('begin_00', 'trigger.manual', 'Start', [0, 0]),
      { ...step('loop_000', 'flow.for_each', 'Each line', [1, 0], { items: '{{ [1, 2, 3] }}' }), collapsed: true },
      { ...step('inside00', 'data.set', 'Reserve a seat', [0, 0], fields('seat', 'A1')), position: { x: 300, y: 40 }, parent: 'loop_000' },
      step('after_00', 'data.set', 'After', [3, 0], fields('first', '')),
    ],
    ['begin_00 -> loop_000 -> after_00'],
  )
}

test('what is found in a collapsed container is shown: the container opens and the step comes into view', async ({ page, baseURL }) => {
  const { card, canvas } = await openGraph(page, baseURL, loop())
  await expect(card('Reserve a seat')).toHaveCount(0)
  await canvas.click({ position: { x: 12, y: 200 } })
  await page.keyboard.press('ControlOrMeta+f')
  await page.getByRole('dialog').getByRole('combobox').fill('seat')
  await page.keyboard.press('Enter')
  await expect(card('Reserve a seat')).toBeInViewport({ ratio: 1 })
})

test('before a loop has run, what it will give is known from the steps in it', async ({ page, baseURL }) => {
  const driver = await openGraph(page, baseURL, loop())
  const panel = await driver.open('After')
  await expect(panel.getByRole('tree', { name: 'Input' })).toContainText('seat')
})

test('a test that stands still is there again after a reload, and goes on', async ({ page, baseURL }) => {
  const driver = await openGraph(
    page,
    baseURL,
    drawGraph(
      [
        step('begin_00', 'trigger.manual', 'Start', [0, 0]),
        step('one_0000', 'data.set', 'One', [1, 0], fields('a', 1)),
        step('two_0000', 'data.set', 'Two', [2, 0], fields('b', '{{ input.a }}')),
      ],
      ['begin_00 -> one_0000 -> two_0000'],
    ),
  )
  await driver.card('Two').locator('.mr-nm').click()
  await page.keyboard.press('b')
  await page.getByRole('toolbar', { name: 'Actions for Two' }).getByRole('button', { name: 'Up to here' }).click()
  const bar = page.getByRole('region', { name: 'Test that stands still' })
  await expect(bar).toContainText('The test stopped before Two.')
  await page.reload()
  await expect(bar).toContainText('The test stopped before Two.')
  await bar.getByRole('button', { name: 'Continue' }).click()
  await expect(bar).toHaveCount(0)
  const panel = await driver.open('Two')
  await expect(panel.getByTestId('node-output')).toContainText('"b": 1')
})

test('a time is typed as people say it', async ({ page, baseURL }) => {
  const driver = await openGraph(
    page,
    baseURL,
    drawGraph(
      [step('begin_00', 'trigger.manual', 'Start', [0, 0]), step('wait_000', 'flow.wait', 'Pause', [1, 0])],
      ['begin_00 -> wait_000'],
    ),
  )
  const panel = await driver.open('Pause')
  const duration = panel.locator('[data-param="durationMs"]').getByRole('textbox')
  await duration.fill('1h 30m')
  await duration.press('Tab')
  await expect
    .poll(async () => {
      const { draft } = await signed.api.workflows.get.query({ workflowId: driver.id })
      return draft.graph.nodes.find((node) => node.title === 'Pause')?.params.durationMs
    })
    .toBe(5_400_000)
  await duration.fill('soon')
  await expect(duration).toHaveAttribute('aria-invalid', 'true')
})

test('the outline sets a breakpoint and says that it is there', async ({ page, baseURL }) => {
  await openGraph(page, baseURL, loop())
  await page.getByRole('button', { name: 'Outline' }).click()
  const line = page.locator('[data-outline="after_00"]')
  await line.click()
  await line.getByRole('button', { name: 'Actions for After' }).click()
  await page.getByRole('menuitem', { name: 'Stop tests before this step' }).click()
  await expect(line).toContainText('tests stop here')
})
