import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { fillWithWork } from '../tests/support/fill-with-work'
import { startInstance } from '../tests/support/start-instance'
import { findChromium } from './test.mjs'

/** Pictures of every page, light and dark, wide and narrow, of an instance that did real work; into test-results/screenshots. */
const out = path.resolve(import.meta.dirname, '..', 'test-results', 'screenshots')
const email = 'maya@northwind.example'
const password = 'a-long-passphrase-for-pictures'

async function main() {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  const only = process.argv[2]
  const instance = await startInstance({
    port: 3220,
    env: { MILLRACE_OWNER_EMAIL: email, MILLRACE_OWNER_PASSWORD: password, MILLRACE_EXAMPLES: '1' },
  })
  const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
    const page = await context.newPage()
    await shoot(page, 'signin', `${instance.url}/signin`)
    await page.goto(`${instance.url}/signin`)
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('**/o/**')
    const base = /^https?:\/\/[^/]+\/o\/[^/]+/.exec(page.url())?.[0] as string
    const work = await fillWithWork(page, base)
    const pages: Record<string, string> = {
      home: base,
      workflows: `${base}/workflows`,
      editor: `${base}/workflows/${work.workflowId}`,
      versions: `${base}/workflows/${work.workflowId}/versions`,
      runs: `${base}/runs`,
      run: `${base}/runs/${work.runId}`,
      'run-agent': `${base}/runs/${work.agentRunId}`,
      'run-failed': `${base}/runs/${work.failedRunId}`,
      schedules: `${base}/schedules`,
      'dead-letters': `${base}/dead-letters`,
      tasks: `${base}/tasks`,
      task: `${base}/tasks/${work.taskId}`,
      marketplace: `${base}/marketplace`,
      template: `${base}/marketplace/${work.templateSlug}`,
      credentials: `${base}/credentials`,
      costs: `${base}/costs`,
      audit: `${base}/audit`,
      people: `${base}/people`,
      settings: `${base}/settings`,
    }
    for (const [name, url] of Object.entries(pages)) if (!only || name === only) await shoot(page, name, url)
    console.log(`pictures are in ${out}`)
  } finally {
    await browser.close()
    await instance.stop()
  }
}

async function shoot(page: Page, name: string, url: string) {
  for (const scheme of ['light', 'dark'] as const) {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
      await page.addInitScript((theme) => localStorage.setItem('theme', theme), scheme)
      await page.goto(url)
      await page.waitForLoadState('networkidle')
      await page.screenshot({ path: path.join(out, `${name}-${scheme}-${width}.png`) })
    }
  }
}

await main()
