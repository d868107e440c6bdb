import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import type { Json } from '@/workflows/graph/schema'
import { drawGraph, step } from '@/workflows/templates/draw-graph'
import { canvasDriver } from '../support/canvas-driver'
import { galleryGraph, tested } from '../support/gallery'
import { type HttpSink, startHttpSink } from '../support/http-sink'
import { asOwner, giveSession, type Signed } from '../support/owner'

/**
 * What the canvas looks like, as pictures: each type of node and each state, from near, in the middle and from afar, light and dark.
 * After a change that is meant: `npx playwright test looks.spec.ts --update-snapshots`, and look at each picture. Letters are drawn a little
 * differently from one Chromium to the next, so a small part of the points may differ; what must not be missed is asserted in words.
 */
let signed: Signed
let url: string
let sink: HttpSink

test.use({ viewport: { width: 2320, height: 2240 } })

test.beforeAll(async ({ baseURL }) => {
  url = baseURL as string
  signed = await asOwner(url)
  sink = await startHttpSink({
    onRequest: (request, response) => {
      // Never answered: the step that asks stays under way.
      if (request.path === '/slow') return
      response.writeHead(500, { 'content-type': 'application/json' })
      response.end('{}')
    },
  })
})
test.afterAll(() => sink.close())

const once = { attempts: 1, backoff: 'fixed', delayMs: 600_000, maxDelayMs: 600_000, jitter: 0 } as const

const zooms = [
  { name: 'near', steps: 0, zoom: 'full', percent: '100%' },
  { name: 'middle', steps: 3, zoom: 'compact', percent: '58%' },
  { name: 'far', steps: 3, zoom: 'plain', percent: '33%' },
] as const

/** The part of the page that the nodes take up, from the same corner whatever stands inside. */
async function part(page: Page) {
  const boxes = await page
    .getByTestId('canvas')
    .locator('[data-node-id]')
    .evaluateAll((all) =>
      all.map((one) => one.getBoundingClientRect()).map(({ left, top, right, bottom }) => ({ left, top, right, bottom })),
    )
  const x = Math.floor(Math.min(...boxes.map(({ left }) => left))) - 12
  const y = Math.floor(Math.min(...boxes.map(({ top }) => top))) - 28
  const width = Math.ceil(Math.max(...boxes.map(({ right }) => right))) + 12 - x
  const height = Math.ceil(Math.max(...boxes.map(({ bottom }) => bottom))) + 12 - y
  return { x, y, width, height }
}

async function look(page: Page, name: string) {
  const { canvas } = canvasDriver(page)
  await page.mouse.move(2, 2)
  await page.evaluate(() => document.fonts.ready)
  for (const zoom of zooms) {
    for (let step = 0; step < zoom.steps; step++) await canvas.getByRole('button', { name: 'Zoom out' }).click()
    await page.mouse.move(2, 2)
    await expect(canvas).toHaveAttribute('data-zoom', zoom.zoom)
    await expect(canvas.getByTitle('Zoom to 100 %')).toHaveText(zoom.percent)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
      await expect.soft(page).toHaveScreenshot(`${name}-${zoom.name}-${colorScheme}.png`, {
        clip: await part(page),
        stylePath: path.join(import.meta.dirname, 'looks/still.css'),
        animations: 'disabled',
        maxDiffPixelRatio: 0.02,
        threshold: 0.3,
      })
    }
  }
}

test('each type of node and each state while one builds looks as it did, at three zooms, light and dark', async ({ page }) => {
  test.setTimeout(180_000)
  await giveSession(page, url, signed.cookie)
  const { id } = await signed.api.workflows.create.mutate({
    name: `Looks ${Date.now().toString(36)}`,
    graph: galleryGraph() as unknown as Json,
  })
  await signed.api.drafts.pin.mutate({ workflowId: id, nodeId: tested.pinned, output: { a: 1 } })
  await signed.api.drafts.testNode.mutate({ workflowId: id, nodeId: tested.changed, mode: 'upTo' })
  const { draft } = await signed.api.workflows.get.query({ workflowId: id })
  const operation = {
    kind: 'setParam',
    nodeId: tested.changed,
    path: ['fields'],
    before: [{ name: 'a', value: '1' }],
    after: [{ name: 'a', value: '2' }],
  }
  await signed.api.drafts.applyOperations.mutate({
    workflowId: id,
    baseRevision: draft.revision,
    clientId: 'somebody',
    operations: [{ opId: 'change-1', operation: operation as never }],
  })
  await page.goto(`${url}/o/${signed.slug}/workflows/${id}`)
  const { canvas, card } = canvasDriver(page)
  await expect(canvas).toHaveAttribute('data-ready', 'true')
  await card('Breakpoint').locator('.mr-nm').click()
  await page.keyboard.press('b')
  await page.keyboard.press('Escape')
  // What a test gave is painted where it was begun.
  await card('Failed').locator('.mr-nm').click()
  await page.getByRole('toolbar', { name: 'Actions for Failed' }).getByRole('button', { name: 'Up to here' }).click()
  await expect(card('Failed')).toHaveAttribute('data-status', 'failed', { timeout: 20_000 })
  await page.keyboard.press('Escape')
  const flag = (title: string, name: string) => expect(card(title).locator(`[data-flag="${name}"]`)).toBeVisible()
  await flag('Breakpoint', 'breakpoint')
  await flag('Stale', 'stale')
  await flag('Pinned', 'pinned')
  await flag('Locked', 'locked')
  await flag('Problem', 'problem')
  await expect(card('Switched off')).toHaveAttribute('data-disabled', 'true')
  await expect(card('Succeeded')).toHaveAttribute('data-status', 'succeeded')
  await expect(card('Failed')).toHaveAttribute('data-status', 'failed')
  await expect(card('Collapsed')).toContainText('1 step inside')
  await look(page, 'build')
})

test('each state of a step in a run looks as it did, at three zooms, light and dark', async ({ page }) => {
  test.setTimeout(180_000)
  await giveSession(page, url, signed.cookie)
  const set = { fields: [{ name: 'a', value: '1' }] }
  const graph = drawGraph(
    [
      step('begin_00', 'trigger.manual', 'Begins', [0, 1]),
      step('good0000', 'data.set', 'Succeeded', [1, 0], set),
      step('off00000', 'data.set', 'Switched off', [2, 0], set, { disabled: true }),
      step(
        'bad00000',
        'http.request',
        'Failed',
        [1, 1],
        { url: `${sink.url}/bad` },
        { onError: 'continue', retry: { ...once, on: ['any'] } },
      ),
      step('again000', 'http.request', 'Tried again', [1, 2], { url: `${sink.url}/bad` }, { retry: { ...once, attempts: 5, on: ['any'] } }),
      step('after000', 'data.set', 'Not reached', [2, 2], set),
      step('slow0000', 'http.request', 'Running', [2, 1], { url: `${sink.url}/slow` }),
      step('wait0000', 'flow.wait', 'Waiting', [3, 0], { mode: 'for', durationMs: 86_400_000 }),
    ],
    ['begin_00 -> good0000 -> off00000 -> wait0000', 'begin_00 -> bad00000 -> slow0000', 'begin_00 -> again000 -> after000'],
  )
  const { id } = await signed.api.workflows.create.mutate({ name: `Looks ${Date.now().toString(36)}`, graph: graph as unknown as Json })
  await signed.api.workflows.publish.mutate({ workflowId: id, note: '' })
  const { runId } = await signed.api.runs.start.mutate({ workflowId: id })
  await page.goto(`${url}/o/${signed.slug}/runs/${runId}`)
  const { card } = canvasDriver(page)
  for (const [title, status] of [
    ['Succeeded', 'succeeded'],
    ['Failed', 'failed'],
    ['Tried again', 'retrying'],
    ['Running', 'running'],
    ['Waiting', 'waiting'],
    ['Not reached', 'idle'],
  ] as const)
    await expect(card(title)).toHaveAttribute('data-status', status, { timeout: 30_000 })
  await look(page, 'run')
  await signed.api.runs.cancel.mutate({ runId })
})
