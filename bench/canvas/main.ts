import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { findChromium } from '../../scripts/test.mjs'
import { asOwner, giveSession } from '../../tests/support/owner'
import { type Instance, startInstance } from '../../tests/support/start-instance'
import type { Json } from '../../workflows/graph/schema'
import { type Frames, type Gesture, gesture, gestures, zoomTo } from './gestures'
import { largeGraph } from './large-graph'
import { type Comparison, type Measured, writeKeys, writeReport, writeScrolled } from './report'
import { fewRows, graphOfRows, manyRows, type Scrolled, scrollRows, showRows, ways } from './scrolling'
import { serveBarePage } from './serve-bare-page'
import { pinSamples, type, typedIn } from './typing'
import { watch } from './watch'

const quick = process.argv.includes('quick')
const typingOnly = process.argv.includes('typing')
const scrollingOnly = process.argv.includes('scrolling')
const rounds = quick ? 1 : 3
const frames = quick ? 40 : 80
const zooms = [0.1, 0.6, 1]
const view = { width: 1440, height: 900 }

/**
 * `npm run bench:canvas` measures the built editor with 1,000 nodes and writes docs/benchmarks-canvas.md; `-- quick` only prints, and
 * `-- typing` only types, in one field after the other, and prints what the longest keys were made of; `-- scrolling` only scrolls.
 */
async function main() {
  const home = mkdtempSync(path.join(os.tmpdir(), 'millrace-canvas-'))
  const graph = largeGraph()
  const bare = await serveBarePage(graph)
  let instance: Instance | null = null
  const browser = await chromium.launch({
    executablePath: findChromium() ?? undefined,
    args: ['--no-sandbox', '--disable-gpu', '--js-flags=--expose-gc', '--enable-precise-memory-info'],
  })
  try {
    instance = await startInstance({ home })
    const { api, cookie, slug } = await asOwner(instance.url, instance.setupLink ?? '')
    const { id: workflowId } = await api.workflows.create.mutate({ name: 'A thousand steps', graph: graph as unknown as Json })
    await pinSamples((nodeId, output) => api.drafts.pin.mutate({ workflowId, nodeId, output }))
    const url = `${instance.url}/o/${slug}/workflows/${workflowId}`

    const context = await browser.newContext({ viewport: view })
    const page = await context.newPage()
    page.on('pageerror', (error) => console.error(`page: ${error.message}`))
    await look(page)
    await giveSession(page, instance.url, cookie)
    if (typingOnly) {
      for (const node of typedIn) {
        await open(page, `${url}?node=${node}`)
        say(`${node}: ${writeKeys(await type(page))}`)
      }
      return
    }
    const scrolling = () =>
      scrolled(page, async (rows) => {
        const { graph, made, read } = graphOfRows(rows)
        const { id } = await api.workflows.create.mutate({ name: `${rows} rows`, graph: graph as unknown as Json })
        await api.drafts.testNode.mutate({ workflowId: id, nodeId: made, mode: 'upTo' })
        return `${instance?.url}/o/${slug}/workflows/${id}?node=${read}`
      })
    if (scrollingOnly) {
      console.log(writeScrolled(await scrolling()))
      return
    }

    say('opening')
    const first = await open(page, url)
    const coldMs: number[] = []
    for (let index = 0; index < (quick ? 1 : 5); index++) {
      const stranger = await (await browser.newContext({ viewport: view })).newPage()
      await look(stranger)
      await giveSession(stranger, instance.url, cookie)
      coldMs.push((await open(stranger, url)).readyMs)
      await stranger.context().close()
    }
    await page.bringToFront()
    const warm: number[] = []
    for (let index = 0; index < (quick ? 2 : 5); index++) warm.push((await open(page, url)).readyMs)
    const listed = (all: readonly number[]) => all.map((one) => one.toFixed(0)).join(', ')
    say(`  first ${first.readyMs.toFixed(0)} ms, cold ${listed(coldMs)} ms, warm ${listed(warm)} ms`)
    const heapMb = await heap(page)
    const elements: Measured['elements'] = []
    for (const zoom of [0.05, 0.1, 0.25, 0.44, 0.46, 0.6, 1]) {
      await zoomTo(page, zoom)
      elements.push({ zoom, count: await page.evaluate(() => document.querySelectorAll('*').length) })
    }

    const barePage = await (await browser.newContext({ viewport: view })).newPage()
    await look(barePage)
    await barePage.goto(bare.url)
    await barePage.waitForFunction(() => window.seen.readyAt > 0)
    const bareReadyMs = await barePage.evaluate(() => window.seen.readyAt)
    const comparisons: Comparison[] = []
    for (const zoom of zooms) {
      await zoomTo(page, zoom)
      await zoomTo(barePage, zoom)
      for (const kind of gestures) {
        say(`${kind} at ${zoom * 100} %`)
        const ours: Frames[] = []
        const theirs: Frames[] = []
        for (let round = 0; round < rounds; round++) {
          theirs.push(await shown(barePage, kind))
          ours.push(await shown(page, kind))
        }
        const made = { zoom, gesture: kind, ours: middle(ours), bare: middle(theirs) }
        comparisons.push(made)
        say(`  ${made.ours.meanMs.toFixed(1)} ms a frame, bare ${made.bare.meanMs.toFixed(1)} ms`)
      }
    }
    await barePage.context().close()

    say('edits')
    await page.bringToFront()
    await open(page, url)
    const redrawn = await redrawnByEdits(page)
    say('undo')
    const undo = await undoing(page, 500, async () => (await api.workflows.get.query({ workflowId })).draft)
    say('typing')
    await open(page, `${url}?node=${typedIn[0]}`)
    const typing = await type(page)
    say('scrolling')
    const scrolls = await scrolling()

    const measured: Measured = {
      quick,
      first,
      coldMs: coldMs.sort((a, b) => a - b),
      warmMs: warm.sort((a, b) => a - b),
      bareReadyMs,
      heapMb,
      elements,
      comparisons,
      redrawn,
      undo,
      typing,
      scrolls,
    }
    const text = writeReport(measured)
    console.log(`\n${text}`)
    if (!quick) writeFileSync(path.resolve(import.meta.dirname, '..', '..', 'docs', 'benchmarks-canvas.md'), text)
  } finally {
    await browser.close()
    await instance?.stop()
    await bare.close()
    rmSync(home, { recursive: true, force: true })
  }
}

async function look(page: Page) {
  // tsx names functions through a helper that the page does not have.
  await page.addInitScript('globalThis.__name = (named) => named')
  await page.addInitScript(watch)
}

/** Loads the page anew and gives the time from the request to the canvas that answers, and the scripts that came until then. */
async function open(page: Page, url: string) {
  await page.goto(url, { waitUntil: 'commit' })
  await page.waitForFunction(() => window.seen.readyAt > 0, undefined, { polling: 50, timeout: 60_000 })
  const scripts = (until: 'ready' | 'now') =>
    page.evaluate((until) => {
      const all = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
      const asked = all.filter((one) => one.name.endsWith('.js') && (until === 'now' || one.startTime <= window.seen.readyAt))
      return asked.reduce((sum, one) => sum + one.encodedBodySize, 0) / 1024
    }, until)
  const readyMs = await page.evaluate(() => window.seen.readyAt)
  const scriptKb = await scripts('ready')
  await page.waitForLoadState('networkidle')
  return { readyMs, scriptKb, laterKb: await scripts('now') }
}

async function heap(page: Page) {
  const client = await page.context().newCDPSession(page)
  await client.send('HeapProfiler.collectGarbage')
  const { usedSize } = await client.send('Runtime.getHeapUsage')
  await client.detach()
  return usedSize / 2 ** 20
}

/** The data of a node's panel, scrolled with very many rows and with few, in turns. */
async function scrolled(page: Page, urlOf: (rows: number) => Promise<string>): Promise<Scrolled[]> {
  const few = await page.context().newPage()
  await look(few)
  await open(page, await urlOf(manyRows))
  await open(few, await urlOf(fewRows))
  const made: Scrolled[] = []
  for (const way of ways) {
    say(`${way.view}, ${way.how}`)
    const ours: Frames[] = []
    const theirs: Frames[] = []
    const turn = async (one: Page) => {
      await one.bringToFront()
      await showRows(one, way.view)
      return scrollRows(one, way.how, frames)
    }
    for (let round = 0; round < rounds; round++) {
      theirs.push(await turn(few))
      ours.push(await turn(page))
    }
    made.push({ ...way, many: middle(ours), few: middle(theirs) })
  }
  await few.close()
  return made
}

async function shown(page: Page, kind: Gesture) {
  await page.bringToFront()
  return gesture(page, kind, frames)
}

function middle(all: Frames[]): Frames {
  const median = (of: (one: Frames) => number) => all.map(of).sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
  return {
    meanMs: median((one) => one.meanMs),
    p95Ms: median((one) => one.p95Ms),
    longTasks: median((one) => one.longTasks),
    longestMs: median((one) => one.longestMs),
  }
}

/** Cards that React draws for an edit of one node, and for a node that is moved by its neighbour's side. */
async function redrawnByEdits(page: Page): Promise<Measured['redrawn']> {
  await zoomTo(page, 1)
  const id = await page.evaluate(() => {
    const canvas = (document.querySelector('[data-testid="canvas"]') as HTMLElement).getBoundingClientRect()
    const far = (element: Element) => {
      const box = element.getBoundingClientRect()
      return Math.hypot(box.x + box.width / 2 - canvas.x - canvas.width / 2, box.y + box.height / 2 - canvas.y - canvas.height / 2)
    }
    return [...document.querySelectorAll<HTMLElement>('.react-flow__node')].sort((a, b) => far(a) - far(b))[0]?.dataset.id ?? ''
  })
  await page.locator(`.react-flow__node[data-id="${id}"] .mr-nm`).click()
  await page.waitForTimeout(500)
  const count = async (act: () => Promise<void>) => {
    await page.evaluate(() => window.seen.drawn.clear())
    await act()
    await page.waitForTimeout(700)
    return page.evaluate(
      (own) => ({ nodes: [...window.seen.drawn.keys()].filter((one) => one !== own).length, own: window.seen.drawn.get(own) ?? 0 }),
      id,
    )
  }
  const off = await count(() => page.keyboard.press('d'))
  const on = await count(() => page.keyboard.press('d'))
  return [
    { edit: 'switch a node off', others: off.nodes, own: off.own },
    { edit: 'switch it on', others: on.nodes, own: on.own },
  ]
}

/**
 * Steps switched off, doubled and removed, all undone and all done again: each key with a turn of the event loop in between, and with what
 * the screen needs. The server's draft is compared before and after.
 */
async function undoing(page: Page, count: number, draft: () => Promise<{ revision: number; graph: unknown }>): Promise<Measured['undo']> {
  const saved = async () => {
    await page.waitForTimeout(500)
    await page.locator('[data-saving="saved"]').waitFor()
    const { revision, graph } = await draft()
    return { revision, graph: JSON.stringify(graph) }
  }
  const before = await saved()
  await page.evaluate(async (count) => {
    const press = (key: string, ctrlKey = false) =>
      window.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true }))
    const settled = () => new Promise((resolve) => setTimeout(resolve, 30))
    for (let done = 0; done < count; ) {
      press('ArrowRight')
      for (const [key, ctrl] of [
        ['d', false],
        ['d', true],
        ['d', false],
        ['Delete', false],
      ] as const) {
        if (done++ === count) break
        press(key, ctrl)
        await settled()
      }
    }
  }, count)
  const after = await saved()
  const repeat = (shift: boolean) =>
    page.evaluate(
      async ({ shift, count }) => {
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
        const began = performance.now()
        for (let index = 0; index < count; index++) {
          window.dispatchEvent(new KeyboardEvent('keydown', { key: shift ? 'Z' : 'z', ctrlKey: true, shiftKey: shift, bubbles: true }))
          await Promise.resolve()
        }
        await frame()
        await frame()
        return performance.now() - began
      },
      { shift, count },
    )
  const undoMs = await repeat(false)
  const undone = await saved()
  const redoMs = await repeat(true)
  const redone = await saved()
  // Steps that were switched off and on again may leave the graph as it was: that something happened, the revision says.
  const happened = after.revision - before.revision >= count
  return { count, undoMs, redoMs, exact: happened && undone.graph === before.graph && redone.graph === after.graph }
}

function say(line: string): void {
  console.log(`· ${line}`)
}

await main()
