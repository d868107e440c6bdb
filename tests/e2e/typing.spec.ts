import { expect, test } from '@playwright/test'
import { canvasDriver } from '../support/canvas-driver'
import { asOwner, giveSession } from '../support/owner'
import { graphOf, idOf } from '../support/plan-of'

test.describe.configure({ lock: '-exclusive-' })

test('typing sends about one edit a second, asks for nothing, and lets the browser paint its own column alone', async ({
  page,
  baseURL,
}) => {
  const url = baseURL as string
  const { api, cookie, slug } = await asOwner(url)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  await giveSession(page, url, cookie)
  const graph = graphOf('hook -> set', {
    hook: { type: 'trigger.webhook', title: 'Order came in' },
    set: { type: 'data.set', title: 'Totals', params: { fields: [{ name: 'total', value: '' }] } },
  })
  const { id: workflowId } = await api.workflows.create.mutate({ name: `Typing ${Date.now().toString(36)}`, graph })
  const output = {
    method: 'POST',
    path: '/',
    query: {},
    headers: {},
    body: { lines: [{ quantity: 4 }, { quantity: 129 }] },
    deliveryId: 'test',
  }
  await api.drafts.pin.mutate({ workflowId, nodeId: idOf('hook'), output })
  await page.goto(`${url}/o/${slug}/workflows/${workflowId}`)
  const canvas = canvasDriver(page)
  await expect(canvas.canvas).toHaveAttribute('data-ready', 'true')
  const panel = await canvas.open('Totals')
  const columns = panel.locator('[data-panel-body] section')
  await expect(columns).toHaveCount(3)
  for (const column of await columns.all()) await expect(column).toHaveCSS('isolation', 'isolate')
  const sent: string[] = []
  const note = (request: { url(): string }) => sent.push(/drafts\.\w+/.exec(request.url())?.[0] ?? 'other')
  page.on('request', note)
  await panel.getByLabel(/value of total/).click()
  await page.keyboard.type('{{ input.body.lines.map(line => line.quantity) }}', { delay: 60 })
  await expect(panel.locator('[data-live-value]').last()).toContainText('129')
  await expect(page.locator('[data-saving="saved"]')).toBeAttached()
  page.off('request', note)
  expect(sent.filter((one) => one === 'drafts.since')).toEqual([])
  expect(sent.filter((one) => one === 'drafts.applyOperations').length).toBeLessThan(9)
  await canvas.close()
  expect(errors).toEqual([])
})
