import type { Page } from '@playwright/test'
import { drawGraph, step } from '../../workflows/templates/draw-graph'
import { type Frames, framesOf } from './gestures'

export interface Scrolled {
  view: 'table' | 'tree'
  /** By hand some rows come and go in a frame; by the scroll bar all of them. */
  how: 'by hand' | 'by the scroll bar'
  many: Frames
  few: Frames
}

export const ways: readonly Pick<Scrolled, 'view' | 'how'>[] = (['table', 'tree'] as const).flatMap((view) =>
  (['by hand', 'by the scroll bar'] as const).map((how) => ({ view, how })),
)

export const manyRows = 100_000
export const fewRows = 100

const made = 'made0000'
const read = 'read0000'

/** A workflow whose first step gives so many rows, about 100 bytes each, and whose second is looked at. */
export function graphOfRows(count: number) {
  const row = `{ id: i, name: 'Customer number ' + i, city: i % 2 ? 'Rotterdam' : 'Oslo', note: 'x'.repeat(20) }`
  return {
    graph: drawGraph(
      [
        step('begin000', 'trigger.manual', 'Start', [0, 0]),
        step(made, 'code.javascript', 'Rows', [1, 0], { source: `return { rows: Array.from({ length: ${count} }, (_, i) => (${row})) }` }),
        step(read, 'data.set', 'Read', [2, 0]),
      ],
      [`begin000 -> ${made} -> ${read}`],
    ),
    made,
    read,
  }
}

/** Opens what came into the step as a table or a tree with all its rows. */
export async function showRows(page: Page, view: Scrolled['view']) {
  const input = page.locator('[data-node-panel]').getByRole('region', { name: 'Input' })
  await input.getByRole('radio', { name: view === 'table' ? 'Table' : 'Tree' }).click()
  await page.locator('[data-trees]').evaluate((frame) => frame.scrollTo(0, 0))
  if (view === 'table') return input.getByRole('cell', { name: 'Customer number 0', exact: true }).waitFor()
  const list = input.locator('[data-path="input.rows"]')
  if ((await list.getAttribute('aria-expanded')) !== 'true') await list.locator('[data-toggle]').click()
  await input.locator('[data-path="input.rows[0]"]').waitFor()
}

/** Scrolls one step a frame, there and back within what there is, for `count` frames. */
export async function scrollRows(page: Page, how: Scrolled['how'], count: number): Promise<Frames> {
  const seen = await page.evaluate(
    async ({ how, count }) => {
      const list = document.querySelector('[data-trees]') as HTMLElement
      const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
      const most = list.scrollHeight - list.clientHeight
      // By the bar so far that no row stays of those that are drawn, which are some more than are seen.
      const by = how === 'by hand' ? 48 : Math.max(list.clientHeight + 800, most / count)
      list.scrollTop = 0
      await frame()
      window.seen.longTasks.length = 0
      const times: number[] = []
      let turn = 1
      let last = await frame()
      for (let index = 0; index < count; index++) {
        if (list.scrollTop + turn * by > most || list.scrollTop + turn * by < 0) turn = -turn
        list.scrollTop += turn * by
        const now = await frame()
        times.push(now - last)
        last = now
      }
      await new Promise((resolve) => setTimeout(resolve, 300))
      return { times, longTasks: [...window.seen.longTasks] }
    },
    { how, count },
  )
  return framesOf(seen)
}
