import type { Page } from '@playwright/test'
import type { Json } from '../../workflows/graph/schema'
import { key } from './large-graph'
import type { Key } from './watch'

export interface Typing {
  count: number
  p95Ms: number
  longestMs: number
  longTasks: number
  longestTaskMs: number
  /** The longest first. */
  keys: Key[]
}

/** Steps behind the samples with a text field. */
export const typedIn = [13, 18, 23, 28, 33, 38].map((column) => key(0, column))

/** A value that is stored beside its step has at most 128 KB; eight of them make the megabyte. */
export async function pinSamples(pin: (nodeId: string, output: Json) => Promise<unknown>) {
  for (let column = 4; column < 12; column++) await pin(key(0, column), sample(column) as Json)
}

/** Types an expression over the sample into the last field of the open node, letter by letter. */
export async function type(page: Page): Promise<Typing> {
  const panel = page.locator('[data-node-panel]')
  await panel.waitFor()
  await page.waitForLoadState('networkidle')
  const field = panel.locator('[contenteditable="true"], textarea').last()
  await field.click()
  await page.keyboard.press('ControlOrMeta+End')
  await page.waitForTimeout(500)
  await page.evaluate(() => {
    window.seen.keys.length = 0
    window.seen.longTasks.length = 0
  })
  const text = ` {{ steps.${key(0, 8)}.rows.map(row => row.price * row.quantity).reduce((a, b) => a + b, 0) }}`
  for (const letter of text) {
    await page.keyboard.type(letter)
    await page.waitForTimeout(40)
  }
  await panel.getByText(sampleTotal).first().waitFor()
  const { keys, longTasks } = await page.evaluate(() => ({ keys: window.seen.keys, longTasks: window.seen.longTasks }))
  keys.sort((a, b) => b.wholeMs - a.wholeMs)
  const count = text.length
  return {
    count,
    // Keys under 16 ms are not reported by the browser.
    p95Ms: keys[Math.ceil(count * 0.05) - 1]?.wholeMs ?? 16,
    longestMs: keys[0]?.wholeMs ?? 16,
    longTasks: longTasks.length,
    longestTaskMs: Math.max(0, ...longTasks),
    keys,
  }
}

/** What the expression that is typed comes to: nothing is measured where nothing is worked out. */
const sampleTotal = String(Array.from({ length: 1_000 }, (_, index) => ((index * 7) % 300) * (1 + (index % 9))).reduce((a, b) => a + b, 0))

/** About 125 KB, as a list of orders would be. */
function sample(seed: number) {
  return {
    total: seed,
    id: `order-${seed}`,
    rows: Array.from({ length: 1_000 }, (_, index) => ({
      sku: `OAK-${seed}-${index}`,
      name: `Chair number ${index} of lot ${seed}`,
      price: (index * 7) % 300,
      quantity: 1 + (index % 9),
      tags: ['oak', 'chair'],
    })),
  }
}
