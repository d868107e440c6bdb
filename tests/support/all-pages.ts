import { expect, type Page } from '@playwright/test'
import type { Work } from './fill-with-work'

/** Every page of an organization that has work in it, by a name for its picture. */
export function allPages(base: string, work: Work): Record<string, string> {
  return {
    home: base,
    workflows: `${base}/workflows`,
    editor: `${base}/workflows/${work.workflowId}`,
    'editor-blank': `${base}/workflows/${work.blankId}`,
    versions: `${base}/workflows/${work.workflowId}/versions`,
    runs: `${base}/runs`,
    run: `${base}/runs/${work.runId}`,
    'run-agent': `${base}/runs/${work.agentRunId}?step=assess`,
    'run-failed': `${base}/runs/${work.failedRunId}`,
    'run-retrying': `${base}/runs/${work.retryingRunId}`,
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
    about: `${base}/settings?tab=about`,
  }
}

/** Opens a page and waits until it shows what it has: a heading, no grey shapes, every node in its place, fonts. */
export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await expect(page.locator('h1').first()).toBeAttached()
  await expect(page.locator('.late')).toHaveCount(0)
  if ((await page.getByTestId('canvas').count()) > 0) await expect(page.getByTestId('canvas')).toHaveAttribute('data-ready', 'true')
  await page.evaluate(async () => {
    await document.fonts.ready
  })
}
