import { type Browser, type CDPSession, expect, type Page, test } from '@playwright/test'
import { canvasDriver } from '../support/canvas-driver'
import { asOwner, giveSession, type Signed } from '../support/owner'
import { graphOf } from '../support/plan-of'

test.describe.configure({ lock: '-exclusive-' })

/** Edits of each of the two. `MILLRACE_TOGETHER_EDITS=120` goes on for more than a minute; what can go wrong goes wrong in fewer. */
const turns = Number(process.env.MILLRACE_TOGETHER_EDITS ?? 24)
const latencyMs = 200

let signed: Signed
let url: string

test.beforeAll(async ({ baseURL }) => {
  url = baseURL as string
  signed = await asOwner(url)
})

interface Tab {
  page: Page
  canvas: ReturnType<typeof canvasDriver>
  network: CDPSession
}

async function openTab(browser: Browser, workflowId: string): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await giveSession(page, url, signed.cookie)
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  await page.goto(`${url}/o/${signed.slug}/workflows/${workflowId}`)
  const canvas = canvasDriver(page)
  await expect(canvas.canvas).toHaveAttribute('data-ready', 'true')
  const tab = { page, canvas, network }
  await connected(tab, true)
  return tab
}

const connected = ({ network }: Tab, on: boolean) =>
  network.send('Network.emulateNetworkConditions', { offline: !on, latency: latencyMs, downloadThroughput: -1, uploadThroughput: -1 })

/** Numbers that look like chance and are the same each time. */
function chance(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}

/** One edit by keys, on the canvas. */
async function edit({ page, canvas }: Tab, random: (below: number) => number, name: string) {
  await canvas.canvas.locator('.react-flow').focus()
  for (let steps = random(4); steps >= 0; steps--)
    await page.keyboard.press(['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp'][random(4)] as string)
  const kinds = [
    async () => page.keyboard.press('d'),
    async () => {
      await page.keyboard.press('F2')
      const box = page.getByLabel('Name of the node')
      // Somebody else may have removed what was chosen.
      if ((await box.count()) === 0) return
      await page.keyboard.insertText(name)
      await page.keyboard.press('Enter')
    },
    async () => {
      await page.keyboard.press('ControlOrMeta+d')
    },
    async () => page.keyboard.press('Delete'),
    async () => page.keyboard.press('ControlOrMeta+z'),
    async () => page.keyboard.press('ControlOrMeta+Shift+z'),
    async () => page.keyboard.press('Shift+T'),
  ]
  const weights = [0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 6]
  await kinds[weights[random(weights.length)] as number]?.()
}

/** What the page shows, as it tells it to a screen reader: every node once, with where it leads. */
async function shown({ page }: Tab): Promise<string[]> {
  const outline = page.getByRole('tree', { name: 'Outline of the workflow' })
  if ((await outline.count()) === 0) await page.getByRole('button', { name: 'Outline' }).click()
  await expect(outline).toBeVisible()
  return page
    .locator('[data-outline]')
    .evaluateAll((lines) =>
      lines
        .map((line) => `${line.getAttribute('data-outline')} ${[...line.querySelectorAll('span')].map((one) => one.textContent).join(' ')}`)
        .sort(),
    )
}

test('two who edit at once with 200 ms of latency and three cuts come to one graph, in Postgres and after a reload', async ({
  browser,
}) => {
  test.setTimeout(120_000 + turns * 1_000)
  const set = { type: 'data.set', params: { fields: [{ name: 'a', value: '1' }] } }
  const graph = graphOf('begin -> one -> two -> three; one -> four', {
    begin: { type: 'trigger.manual' },
    one: set,
    two: set,
    three: set,
    four: set,
  })
  const { id } = await signed.api.workflows.create.mutate({ name: `Together ${Date.now().toString(36)}`, graph })
  const tabs = await Promise.all([openTab(browser, id), openTab(browser, id)])
  // The first is cut off twice, the second once, each for an eighth of the way.
  const cuts = [[2 / 8, 6 / 8], [4 / 8]]
  await Promise.all(
    tabs.map(async (tab, index) => {
      const random = chance(7 + index)
      for (let turn = 0; turn < turns; turn++) {
        for (const from of cuts[index] ?? []) {
          if (turn === Math.floor(from * turns)) await connected(tab, false)
          if (turn === Math.floor((from + 1 / 8) * turns)) await connected(tab, true)
        }
        await edit(tab, random, `Named by ${index + 1}, ${turn}`)
      }
      await connected(tab, true)
    }),
  )
  for (const { page } of tabs) await expect(page.locator('[data-saving="saved"]')).toBeVisible({ timeout: 40_000 })
  const [left, right] = tabs as [Tab, Tab]
  await expect.poll(async () => JSON.stringify(await shown(left)) === JSON.stringify(await shown(right)), { timeout: 30_000 }).toBe(true)
  const { draft } = await signed.api.workflows.get.query({ workflowId: id })
  const before = await shown(left)
  expect(before.map((line) => line.split(' ')[0])).toEqual(draft.graph.nodes.map((node) => node.id).sort())
  for (const node of draft.graph.nodes) expect(before.find((line) => line.startsWith(node.id))).toContain(node.title)
  const places = (page: Page) =>
    page
      .locator('.react-flow__node')
      .evaluateAll((nodes) => nodes.map((node) => `${node.getAttribute('data-id')} ${(node as HTMLElement).style.transform}`).sort())
  for (const { page } of tabs) {
    await page.reload()
    await expect(page.getByTestId('canvas')).toHaveAttribute('data-ready', 'true')
  }
  expect(await shown(left)).toEqual(before)
  expect(await shown(right)).toEqual(before)
  expect(await places(left.page)).toEqual(await places(right.page))
  for (const { page } of tabs) await page.context().close()
})
