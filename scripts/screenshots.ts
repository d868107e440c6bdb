import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import { allPages, open } from '../tests/support/all-pages'
import { fillWithWork } from '../tests/support/fill-with-work'
import { asOwner, giveSession } from '../tests/support/owner'
import { startScriptedModelServer } from '../tests/support/scripted-model-server'
import { startInstance } from '../tests/support/start-instance'
import { type Scene, scenesOf, showScene } from './lib/scenes'
import { makeTourWork } from './lib/tour-work'
import { findChromium } from './test.mjs'

/**
 * Pictures of every page and of every state of the builder and of a run, light and dark, wide and narrow, of an instance that did real
 * work; into test-results/screenshots.
 * `npm run screenshots -- editor run` takes only those.
 */
const out = path.resolve(import.meta.dirname, '..', 'test-results', 'screenshots')
const only = new Set(process.argv.slice(2))

async function main() {
  if (only.size === 0) rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  const models = await startScriptedModelServer()
  const instance = await startInstance()
  const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const { api, cookie, slug } = await asOwner(instance.url, instance.setupLink ?? '')
    await api.organizations.update.mutate({ currency: 'EUR', timeZone: 'Europe/Berlin' })
    const page = await browser.newPage()
    await giveSession(page, instance.url, cookie)
    const base = `${instance.url}/o/${slug}`
    const work = await fillWithWork(page, base, models)
    const signedIn = await page.context().storageState()
    await shoot(browser, { signin: `${instance.url}/signin` })
    await shoot(browser, allPages(base, work), signedIn)
    await shootScenes(browser, scenesOf(base, work, await makeTourWork(api, base)), signedIn)
    console.log(`pictures are in ${out}`)
  } finally {
    await browser.close()
    await instance.stop()
    await models.close()
    rmSync(instance.home, { recursive: true, force: true })
  }
}

type SignedIn = Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>

async function shoot(browser: Browser, pages: Record<string, string>, storageState?: SignedIn) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1440, 390]) {
      const context = await browser.newContext({
        colorScheme,
        reducedMotion: 'reduce',
        viewport: { width, height: width === 390 ? 844 : 900 },
        ...(storageState ? { storageState } : {}),
      })
      const page = await context.newPage()
      for (const [name, url] of Object.entries(pages)) {
        if (only.size > 0 && !only.has(name)) continue
        await open(page, url)
        // Charts come in a file of their own.
        await page.waitForLoadState('networkidle')
        await page.screenshot({ path: path.join(out, `${name}-${colorScheme}-${width}.png`) })
      }
      await context.close()
    }
  }
}

async function shootScenes(browser: Browser, scenes: Record<string, Scene>, storageState: SignedIn) {
  const failed: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [name, scene] of Object.entries(scenes)) {
      if (only.size > 0 && !only.has(name)) continue
      for (const width of scene.phone ? [1440, 390] : [1440]) {
        const file = path.join(out, `state-${name}-${colorScheme}-${width}.png`)
        // Some states cut the line or end the session: each has a browser context of its own.
        const context = await browser.newContext({
          colorScheme,
          reducedMotion: 'reduce',
          viewport: { width, height: width === 390 ? 844 : 900 },
          storageState,
        })
        const page = await context.newPage()
        page.setDefaultTimeout(15_000)
        try {
          await showScene(page, scene)
        } catch (error) {
          failed.push(`${name} ${colorScheme} ${width}: ${String(error).split('\n')[0]}`)
        }
        await page.screenshot({ path: file })
        await context.close()
      }
    }
  }
  if (failed.length === 0) return
  console.error(`these states did not come about:\n${failed.join('\n')}`)
  process.exitCode = 1
}

await main()
