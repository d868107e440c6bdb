import { expect, type Locator, type Page } from '@playwright/test'

/** The canvas as a person uses it: by mouse, by what is written on it. */
export function canvasDriver(page: Page) {
  const canvas = page.getByTestId('canvas')
  const card = (title: string): Locator => canvas.locator('.mr-node').filter({ has: page.getByText(title, { exact: true }) })
  const centreOf = async (target: Locator) => {
    const box = await target.boundingBox()
    if (!box) throw new Error('it is not on the screen')
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }
  const draw = async (from: Locator, to: Locator) => {
    const start = await centreOf(from)
    const end = await centreOf(to)
    await page.mouse.move(start.x, start.y)
    await page.mouse.down()
    await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 5 })
    await page.mouse.move(end.x, end.y, { steps: 5 })
    await page.mouse.up()
  }
  return {
    canvas,
    card,
    /** Drags a type from the palette; `at` is a point of the canvas, or a card to drop it on. */
    async drop(type: string, at: { x: number; y: number } | Locator) {
      const item = page.locator(`[data-node-type="${type}"]`)
      if ('x' in at) await item.dragTo(canvas, { targetPosition: at })
      else await item.dragTo(at)
    },
    /** Draws a wire from one card's way out to another's way in. */
    async connect(from: string, to: string, port = 'goes on') {
      const edges = canvas.locator('.react-flow__edge')
      const before = await edges.count()
      await draw(canvas.getByLabel(`Way out of ${from}: ${port}`, { exact: true }), canvas.getByLabel(`Way into ${to}`, { exact: true }))
      await expect(edges).toHaveCount(before + 1)
    },
    async dragCard(title: string, onto: Locator) {
      await draw(card(title).locator('.mr-nm'), onto)
    },
    /** Opens a node; gives its panel. */
    async open(title: string): Promise<Locator> {
      await card(title).locator('.mr-nm').dblclick()
      const panel = page.getByRole('dialog', { name: title, exact: true })
      await expect(panel).toBeVisible()
      return panel
    },
    async close() {
      await page.locator('[data-node-panel]').getByRole('button', { name: 'Close', exact: true }).click()
      await expect(page.locator('[data-node-panel]')).toHaveCount(0)
    },
    async choose(within: Locator, label: string, option: string) {
      await within.getByRole('combobox', { name: label }).click()
      await page.getByRole('option', { name: option }).click()
    },
    /** Replaces the text of a code or JSON field. */
    async write(within: Locator, label: string, text: string) {
      const field = within.getByRole('textbox', { name: label, exact: true })
      await field.click()
      await page.keyboard.press('ControlOrMeta+A')
      await page.keyboard.insertText(text)
    },
    async saved() {
      await expect(page.locator('[data-saving="saved"]')).toBeVisible()
    },
  }
}
