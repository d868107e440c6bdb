import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test'
import { allPages, open } from '../support/all-pages'
import { canvasDriver } from '../support/canvas-driver'
import { faultsForAssistiveTechnology } from '../support/faults-for-assistive-technology'
import { fillWithWork, type Work } from '../support/fill-with-work'
import { signIn } from '../support/millrace-client'
import { asOwner, giveSession, owner, type Signed } from '../support/owner'
import { startScriptedModelServer } from '../support/scripted-model-server'

let url: string
let signed: Signed
let base: string
let work: Work

test.beforeAll(async ({ browser, baseURL }) => {
  test.setTimeout(120_000)
  url = baseURL as string
  const models = await startScriptedModelServer()
  try {
    const first = await asOwner(url)
    // An organization of its own, so that what other files made does not show.
    const { id, slug } = await first.api.organizations.create.mutate({ name: `Pages ${Date.now().toString(36)}` })
    signed = { ...first, organizationId: id, slug }
    base = `${url}/o/${slug}`
    const page = await signedIn(browser)
    work = await fillWithWork(page, base, models)
    await page.context().close()
  } finally {
    await models.close()
  }
})

async function signedIn(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await giveSession(page, url, signed.cookie)
  return page
}

/** Errors on the console and pages that threw. */
function listen(context: BrowserContext): string[] {
  const errors: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  context.on('weberror', (error) => errors.push(String(error.error())))
  return errors
}

const serious = { onlySerious: true }
const both = { ...serious, schemes: ['light', 'dark'] } as const

async function widerThanScreen(page: Page): Promise<number> {
  return page.evaluate(() => {
    const main = document.querySelector('main') ?? document.body
    return Math.max(document.documentElement.scrollWidth - window.innerWidth, main.scrollWidth - main.clientWidth)
  })
}

/** Tables that scroll sideways in a frame of their own, so that a thumb finds only their beginning. */
async function framedTables(page: Page): Promise<string[]> {
  // The ledger of schedules is a picture of days, walked by its own buttons.
  return page.locator('main table:not([data-walked])').evaluateAll((tables) =>
    tables
      .filter((table) => {
        for (let frame = table.parentElement; frame && frame.tagName !== 'MAIN'; frame = frame.parentElement)
          if (frame.scrollWidth > frame.clientWidth + 1 && getComputedStyle(frame).overflowX !== 'visible') return true
        return false
      })
      .map((table) => table.getAttribute('aria-label') ?? table.className),
  )
}

test('no page has a serious fault for assistive technology, light or dark, or an error on the console', async ({ browser }) => {
  test.setTimeout(300_000)
  const page = await signedIn(browser)
  const errors = listen(page.context())
  for (const [name, at] of Object.entries({ ...allPages(base, work), docs: `${url}/api/docs` })) {
    errors.length = 0
    if (name === 'docs') await page.goto(at)
    else await open(page, at)
    // The API explorer is swagger-ui's own page.
    if (name !== 'docs') expect.soft(await faultsForAssistiveTechnology(page, both), name).toEqual([])
    expect.soft(errors, `console of ${name}`).toEqual([])
  }
  await page.context().close()
})

test('the pages for strangers have no serious fault either', async ({ browser }) => {
  const page = await (await browser.newContext()).newPage()
  const errors = listen(page.context())
  for (const path of ['/signin', '/setup', '/setup?token=none', '/invite/none', '/nowhere']) {
    await page.goto(url + path)
    await expect(page.getByRole('heading').first()).toBeVisible()
    expect.soft(await faultsForAssistiveTechnology(page, both), path).toEqual([])
  }
  // The invitation and the address that are not there are refused with an error status, which browsers write down.
  expect(errors.filter((error) => !/40[0-9]|410/.test(error))).toEqual([])
  await page.context().close()
})

test('a stranger is led to sign in, and nothing on the way asks for what only a session gives', async ({ browser }) => {
  for (const path of ['/', `${base.slice(url.length)}/workflows`]) {
    const page = await (await browser.newContext()).newPage()
    const errors = listen(page.context())
    await page.goto(url + path)
    await expect(page.getByLabel('Work e-mail')).toBeVisible()
    expect(errors, path).toEqual([])
    await page.context().close()
  }
})

test('a page that is asked for in dark comes in dark, without an error on the console', async ({ browser }) => {
  const page = await signedIn(browser, { colorScheme: 'dark' })
  const errors = listen(page.context())
  for (const at of [base, allPages(base, work).editor as string]) {
    await open(page, at)
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  }
  expect(errors).toEqual([])
  await page.context().close()
})

test('no page scrolls sideways on a phone', async ({ browser }) => {
  test.setTimeout(90_000)
  const page = await signedIn(browser, { viewport: { width: 390, height: 844 } })
  for (const [name, at] of Object.entries(allPages(base, work))) {
    // Building takes a wide screen; everything else works on a phone.
    if (name.startsWith('editor') || name === 'versions') continue
    await open(page, at)
    expect.soft(await widerThanScreen(page), name).toBeLessThanOrEqual(0)
    expect.soft(await framedTables(page), name).toEqual([])
  }
  await page.context().close()
})

test('a dialog has no serious fault: publish, node, palette, schedule', async ({ browser }) => {
  const page = await signedIn(browser)
  await open(page, allPages(base, work).editor as string)
  await canvasDriver(page).open('Assess credit risk')
  expect.soft(await faultsForAssistiveTechnology(page, serious), 'node').toEqual([])
  await canvasDriver(page).close()
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  expect.soft(await faultsForAssistiveTechnology(page, serious), 'publish').toEqual([])
  await page.keyboard.press('Escape')
  await open(page, `${base}/schedules`)
  await page.getByRole('button', { name: 'New schedule' }).first().click()
  await expect(page.getByRole('dialog')).toBeVisible()
  expect.soft(await faultsForAssistiveTechnology(page, serious), 'schedule').toEqual([])
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  expect.soft(await faultsForAssistiveTechnology(page, serious), 'search').toEqual([])
  await page.context().close()
})

test('a script that somebody smuggled into a page does not run', async ({ page }) => {
  await page.goto('/signin')
  await expect(page.getByLabel('Work e-mail')).toBeVisible()
  const ran = await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = "document.title = 'smuggled'"
    document.body.append(script)
    return document.title
  })
  expect(ran).not.toBe('smuggled')
})

test('a wrong password is refused with a sentence, and many are throttled', async ({ page }) => {
  await page.goto('/signin')
  const form = { email: page.getByLabel('Work e-mail'), password: page.getByLabel('Password', { exact: true }) }
  // Nobody's account, so that the owner is not kept out of the tests that follow.
  await form.email.fill('nobody@northwind.example')
  const attempt = async () => {
    await form.password.fill('not the right password')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(page.getByRole('alert').filter({ hasText: /\w/ })).toBeVisible()
  }
  await attempt()
  await expect(page.getByText('E-mail or password is not right.')).toBeVisible()
  for (let tries = 0; tries < 8; tries++) await attempt()
  await expect(page.getByText('Too many tries.')).toBeVisible()
})

test('a session that ends in the middle of editing keeps the work', async ({ browser }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const cookie = await signIn(url, owner)
  await giveSession(page, url, cookie)
  const canvas = canvasDriver(page)
  const { id } = await signed.api.workflows.create.mutate({ name: `Kept ${Date.now()}` })
  await page.goto(`${url}/o/${(await asOwner(url)).slug}/workflows/${id}`)
  await page.getByRole('button', { name: /^By hand A person/ }).click()
  await canvas.saved()
  await context.clearCookies()
  await canvas.drop('data.set', { x: 600, y: 500 })
  const dialog = page.getByRole('dialog', { name: 'Sign in again' })
  await expect(dialog).toBeVisible()
  await dialog.getByLabel('Password').fill(owner.password)
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await expect(dialog).toHaveCount(0)
  await canvas.saved()
  await page.reload()
  await expect(canvas.card('Set fields')).toBeVisible()
  await context.close()
})

test('the offline bar appears and moves nothing, edits are kept, and all recovers', async ({ browser }) => {
  const page = await signedIn(browser)
  await open(page, `${base}/workflows/${work.blankId}`)
  const canvas = canvasDriver(page)
  await page.getByRole('button', { name: /^By hand A person/ }).click()
  await canvas.saved()
  const place = await canvas.card('By hand').boundingBox()
  await page.context().setOffline(true)
  await expect(page.getByText('Offline, reconnecting.')).toBeVisible()
  // Whoever drags something just then holds it still.
  expect(await canvas.card('By hand').boundingBox()).toEqual(place)
  await canvas.drop('data.set', { x: 600, y: 500 })
  await expect(page.locator('[data-saving="offline"]')).toBeVisible()
  await page.context().setOffline(false)
  await expect(page.getByText('Offline, reconnecting.')).toHaveCount(0, { timeout: 20_000 })
  await expect(page.locator('[data-saving="saved"]')).toBeVisible({ timeout: 20_000 })
  await page.reload()
  await expect(canvas.card('Set fields')).toBeVisible()
  await page.context().close()
})

test('two tabs that edit the same draft come to the same graph', async ({ browser }) => {
  const first = await signedIn(browser)
  const second = await first.context().newPage()
  const mine = (await asOwner(url)).api
  const { id } = await mine.workflows.create.mutate({ name: `Shared ${Date.now()}` })
  const at = `${url}/o/${(await asOwner(url)).slug}/workflows/${id}`
  await first.goto(at)
  await second.goto(at)
  const [left, right] = [canvasDriver(first), canvasDriver(second)]
  await first.getByRole('button', { name: /^By hand A person/ }).click()
  await expect(right.card('By hand')).toBeVisible()
  await left.drop('data.set', { x: 600, y: 200 })
  await right.drop('flow.wait', { x: 600, y: 500 })
  for (const one of [left, right]) {
    await one.saved()
    for (const title of ['Set fields', 'Wait']) await expect(one.card(title)).toBeVisible()
  }
  // One renames what the other sets: both stand.
  await left.card('Set fields').locator('.mr-nm').click()
  await first.keyboard.press('F2')
  await first.getByLabel('Name of the node').fill('Totals')
  await first.keyboard.press('Enter')
  const panel = await right.open('Wait')
  await panel.getByRole('tab', { name: 'Notes' }).click()
  await panel.getByLabel('Note', { exact: true }).fill('From the second tab')
  await right.close()
  await expect(right.card('Totals')).toBeVisible()
  await right.saved()
  const { draft } = await mine.workflows.get.query({ workflowId: id })
  expect(draft.graph.nodes.map((node) => node.title).sort()).toEqual(['By hand', 'Totals', 'Wait'])
  expect(draft.graph.nodes.find((node) => node.title === 'Wait')?.settings.note).toBe('From the second tab')
  await first.context().close()
})
