import { expect, test } from '@playwright/test'
import { asOwner, giveSession } from '../support/owner'

test.describe.configure({ lock: '-exclusive-' })

/** Of compressed scripts, until the canvas can be used. */
const budgetKb = 350

test('the editor brings at most 350 KB of scripts before its canvas can be used', async ({ page, baseURL }) => {
  const url = baseURL as string
  const { api, cookie, slug } = await asOwner(url)
  const { id } = await api.workflows.create.mutate({ name: `First load ${Date.now().toString(36)}` })
  await giveSession(page, url, cookie)
  // What is fetched in quiet moments afterwards may have begun by the time that a slow machine asks.
  await page.addInitScript(() => {
    const look = () => {
      if (document.querySelector('[data-testid="canvas"][data-ready="true"]')) performance.mark('ready')
      else requestAnimationFrame(look)
    }
    look()
  })
  await page.goto(`${url}/o/${slug}/workflows/${id}`)
  await expect(page.getByTestId('canvas')).toHaveAttribute('data-ready', 'true')
  await page.waitForFunction(() => performance.getEntriesByName('ready').length > 0)
  const scripts = await page.evaluate(() => {
    const ready = performance.getEntriesByName('ready')[0]?.startTime ?? Number.POSITIVE_INFINITY
    return (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter((one) => one.name.endsWith('.js') && one.startTime <= ready)
      .map((one) => ({ name: one.name, packed: one.encodedBodySize, whole: one.decodedBodySize }))
  })
  // Something was measured, and it came packed.
  expect(scripts.length).toBeGreaterThan(5)
  const sum = (of: 'packed' | 'whole') => scripts.reduce((all, one) => all + one[of], 0) / 1024
  expect(sum('packed')).toBeLessThan(sum('whole') / 2)
  expect(sum('packed'), scripts.map((one) => `${one.packed} ${one.name}`).join('\n')).toBeLessThanOrEqual(budgetKb)
})

test('the editor asks for its workflow while the frame is still asked for, and once', async ({ page, baseURL }) => {
  const url = baseURL as string
  const { api, cookie, slug } = await asOwner(url)
  const { id } = await api.workflows.create.mutate({ name: `Asked ahead ${Date.now().toString(36)}` })
  await giveSession(page, url, cookie)
  const asked: string[] = []
  page.on('request', (request) => {
    const [, procedures] = /\/api\/trpc\/([^?]+)/.exec(request.url()) ?? []
    if (procedures) asked.push(...decodeURIComponent(procedures).split(','))
  })
  let answer = () => {}
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route(/organizations\.mine/, async (route) => {
    await held
    await route.continue()
  })
  await page.goto(`${url}/o/${slug}/workflows/${id}`)
  await expect
    .poll(() => asked)
    .toEqual(expect.arrayContaining(['organizations.mine', 'organizations.get', 'workflows.get', 'drafts.results']))
  answer()
  await expect(page.getByTestId('canvas')).toHaveAttribute('data-ready', 'true')
  for (const one of ['organizations.get', 'workflows.get', 'drafts.results']) expect(asked.filter((name) => name === one)).toHaveLength(1)
})
