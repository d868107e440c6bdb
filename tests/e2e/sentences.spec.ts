import { expect, type Page, test } from '@playwright/test'
import { drawGraph, step } from '@/workflows/templates/draw-graph'
import { canvasDriver } from '../support/canvas-driver'
import { published } from '../support/fill-with-work'
import { millraceClient } from '../support/millrace-client'
import { asOwner, giveSession } from '../support/owner'

test.describe.configure({ lock: 'language-of-the-owner' })

/** What server and worker say in English, on the pages of a person who reads German, on the built product. */
let page: Page
let base: string
let workflowId: string
let runId: string

test.beforeAll(async ({ browser, baseURL }) => {
  const url = baseURL as string
  const { api: anywhere, cookie } = await asOwner(url)
  const { id, slug } = await anywhere.organizations.create.mutate({ name: `Südwind ${Date.now().toString(36)}` })
  base = `${url}/o/${slug}`
  const api = millraceClient({ url, cookie, organizationId: id })
  const graph = drawGraph(
    [
      step('start', 'trigger.manual', 'Von Hand', [0, 0], {}),
      step('pruefen', 'flow.if', 'Groß genug?', [1, 0], {
        conditions: [{ left: '{{ input.name }}', operator: 'starts_with', right: 'N' }],
      }),
      step('abfragen', 'http.request', 'Lager', [2, 0], { url: 'http://10.255.255.1/lager' }),
    ],
    ['start -> pruefen.true -> abfragen'],
  )
  workflowId = await published(api, 'Lager abfragen', '', graph)
  runId = (await api.runs.start.mutate({ workflowId, input: { name: 'Nord' }, waitSeconds: 20 })).runId
  await api.schedules.create.mutate({ workflowId, name: 'Werktags', cron: '0 8 * * 1-5', timeZone: 'Europe/Berlin' })
  const context = await browser.newContext({ locale: 'de-DE', viewport: { width: 1440, height: 900 } })
  page = await context.newPage()
  await giveSession(page, url, cookie)
})
test.afterAll(() => page.context().close())

test('cards, names of edits and problems are German', async () => {
  await page.goto(`${base}/workflows/${workflowId}`)
  const canvas = canvasDriver(page)
  await expect(canvas.canvas).toHaveAttribute('data-ready', 'true')
  await expect(canvas.card('Von Hand').getByText('Von Hand oder per API')).toBeVisible()
  await expect(canvas.card('Groß genug?').getByText('beginnt mit N')).toBeVisible()
  await canvas.card('Von Hand').locator('.mr-nm').click()
  await page.keyboard.press('Delete')
  await expect(canvas.card('Von Hand')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Rückgängig: „Von Hand“ entfernt' })).toBeVisible()
  await page.keyboard.press('ControlOrMeta+z')
  await expect(canvas.card('Von Hand')).toBeVisible()
})

test('what a failed run says is German', async () => {
  await page.goto(`${base}/runs/${runId}`)
  await expect(page.getByText('10.255.255.1 ist eine Adresse in einem privaten Netz').first()).toBeVisible()
  await page.goto(`${base}/dead-letters`)
  await expect(page.getByText('ist eine Adresse in einem privaten Netz').first()).toBeVisible()
})

test('a schedule is said in German words', async () => {
  await page.goto(`${base}/schedules`)
  await expect(page.getByText('Um 08:00, Montag bis Freitag')).toBeVisible()
})
