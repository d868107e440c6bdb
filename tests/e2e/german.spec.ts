import { type Browser, expect, type Page, test } from '@playwright/test'
import { drawGraph, step } from '@/workflows/templates/draw-graph'
import { canvasDriver } from '../support/canvas-driver'
import { englishFinder } from '../support/english-on'
import { published } from '../support/fill-with-work'
import { type Millrace, millraceClient } from '../support/millrace-client'
import { asOwner, giveSession, owner } from '../support/owner'

test.describe.configure({ lock: 'language-of-the-owner' })

/** A person whose browser asks for German, on the built product. */
let page: Page
let base: string
let api: Millrace
let workflowId: string
let runId: string
let englishOn: ReturnType<typeof englishFinder>

// What stands on a key, what expressions read, and the name of a model.
const given = ['Tab', 'run', 'practice']

test.beforeAll(async ({ browser, baseURL }) => {
  const url = baseURL as string
  const { api: anywhere, cookie } = await asOwner(url)
  const { id, slug } = await anywhere.organizations.create.mutate({ name: `Nordwind ${Date.now().toString(36)}` })
  base = `${url}/o/${slug}`
  api = millraceClient({ url, cookie, organizationId: id })
  for (const project of (await api.projects.list.query()).items)
    await api.projects.rename.mutate({ projectId: project.id, name: 'Vertrieb' })
  const conditions = [{ left: '{{ input.summe }}', operator: 'greater', right: '100' }]
  const graph = drawGraph(
    [
      step('bestellung', 'trigger.manual', 'Bestellung', [0, 0], { sample: { summe: 120 } }),
      step('pruefen', 'flow.if', 'Groß genug?', [1, 0], { conditions }),
      step('gruss', 'data.set', 'Gruß', [2, 0], { fields: [{ name: 'gruss', value: 'Guten Tag' }] }),
    ],
    ['bestellung -> pruefen.true -> gruss'],
  )
  workflowId = await published(api, 'Bestelleingang', '', graph)
  runId = (await api.runs.start.mutate({ workflowId, input: { summe: 120 }, waitSeconds: 20 })).runId
  englishOn = englishFinder('de')
  page = await germanPage(browser)
  await giveSession(page, url, cookie)
})
test.afterAll(() => page.context().close())

async function germanPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: 'de-DE', viewport: { width: 1440, height: 900 } })
  return context.newPage()
}

async function open(path: string) {
  await page.goto(`${base}${path}`)
  await expect(page.locator('h1').first()).toBeAttached()
  await expect(page.locator('.late')).toHaveCount(0)
}

test('signing in is German where the browser asks for it', async ({ browser }) => {
  const page = await germanPage(browser)
  await page.goto(`${base}/workflows`)
  await expect(page.getByRole('heading', { name: 'Anmelden' })).toBeVisible()
  expect(await englishOn(page)).toEqual([])
  await page.getByLabel('Geschäftliche E-Mail').fill(owner.email)
  await page.getByRole('textbox', { name: 'Passwort' }).fill(owner.password)
  await page.getByRole('button', { name: 'Anmelden' }).click()
  await expect(page.getByRole('link', { name: 'Bestelleingang' })).toBeVisible()
  await page.context().close()
})

test('lists, settings and the empty pages have no English sentence', async () => {
  for (const path of ['', '/workflows', '/runs', '/schedules', '/dead-letters', '/tasks', '/credentials', '/costs', '/people']) {
    await open(path)
    expect(await englishOn(page, given), path).toEqual([])
  }
  for (const tab of ['general', 'variables', 'prices', 'keys', 'limits', 'account']) {
    await open(`/settings?tab=${tab}`)
    expect(await englishOn(page, given), tab).toEqual([])
  }
})

test('the editor, its palette and an open step are German', async () => {
  await open(`/workflows/${workflowId}`)
  const canvas = canvasDriver(page)
  await expect(canvas.canvas).toHaveAttribute('data-ready', 'true')
  await expect(canvas.card('Groß genug?').getByText('nein', { exact: true })).toBeVisible()
  expect(await englishOn(page, given)).toEqual([])
  const panel = await canvas.open('Gruß')
  await expect(panel.getByText('Weitergeben')).toBeVisible()
  for (const name of ['Bei Fehlern', 'Hilfe']) {
    expect(await englishOn(page, given), name).toEqual([])
    await panel.getByRole('tab', { name }).click()
  }
  expect(await englishOn(page, given)).toEqual([])
})

test('a run and its steps are German', async () => {
  await open(`/runs/${runId}?step=pruefen`)
  await expect(page.getByText('Erfolgreich').first()).toBeVisible()
  await expect(page.getByText('von Hand', { exact: false }).first()).toBeVisible()
  expect(await englishOn(page, given)).toEqual([])
})

test('another language can be chosen and is kept', async () => {
  await open('/settings?tab=account')
  await page.getByRole('combobox', { name: 'Sprache' }).click()
  await page.getByRole('option', { name: 'English' }).click()
  await page.getByRole('button', { name: 'Speichern' }).first().click()
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
  await open('/workflows')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.getByRole('button', { name: 'New workflow' })).toBeVisible()
  await open('/settings?tab=account')
  await page.getByRole('combobox', { name: 'Language' }).click()
  await page.getByRole('option', { name: 'As the browser asks' }).click()
  await page.getByRole('button', { name: 'Save' }).first().click()
  await expect(page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible()
  expect(await englishOn(page, given)).toEqual([])
})

test('names that are too long give way before switches and menus do', async () => {
  const name = 'Bestellbestätigungsversandauftragsbearbeitung für alle Filialen im Norden und im Süden, jede Nacht'
  await api.workflows.update.mutate({ workflowId, name })
  const { id: scheduleId } = await api.schedules.create.mutate({
    workflowId,
    name,
    cron: '0 5 * * *',
    timeZone: 'America/Argentina/Buenos_Aires',
  })
  const other = await api.projects.create.mutate({ name: 'Kundendienst und Beschwerden' })
  await page.setViewportSize({ width: 1280, height: 900 })
  try {
    for (const path of ['/workflows', '/schedules']) {
      await open(path)
      const table = page.getByRole('table').filter({ hasText: 'Bestellbestätigungsversand' }).last()
      await expect(table).toBeVisible()
      expect(
        await table.evaluate((one) => (one.parentElement as HTMLElement).scrollWidth - (one.parentElement as HTMLElement).clientWidth),
        path,
      ).toBe(0)
    }
  } finally {
    await page.setViewportSize({ width: 1440, height: 900 })
    await api.projects.remove.mutate({ projectId: other.id })
    await api.schedules.remove.mutate({ scheduleId })
    await api.workflows.update.mutate({ workflowId, name: 'Bestelleingang' })
  }
})
