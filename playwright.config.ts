import { defineConfig } from '@playwright/test'
import { freePort } from './scripts/lib/ports.mjs'
import { findChromium } from './scripts/test.mjs'

// The worker processes read this file again and must come to the same port.
process.env.MILLRACE_TEST_PORT ??= String(await freePort())

export default defineConfig({
  testDir: './tests/e2e',
  // The walk comes first and holds the lock `-exclusive-`: it sets the instance up as a person would. The others do it themselves where it
  // did not.
  projects: [
    { name: 'walk', testMatch: 'walk.spec.ts' },
    // One that holds only at its second try is named at the end: a machine may be busy, but mostly something is wrong.
    { name: 'rest', testIgnore: 'walk.spec.ts', retries: 1 },
  ],
  outputDir: './test-results/browser',
  // One instance is shared, and the machine may have two cores: one file waits while another draws. What measures, or what is sensitive to
  // load, holds the lock `-exclusive-` and runs when nothing else does, and so does every second try.
  workers: 2,
  retryStrategy: 'isolated',
  fullyParallel: false,
  // A machine that is busy with other things stands still for seconds at a time. Only what fails takes so long.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  snapshotPathTemplate: '{testDir}/looks/{arg}{ext}',
  // Other systems draw letters in their own way.
  ignoreSnapshots: process.platform !== 'linux',
  reporter: 'list',
  globalSetup: './tests/support/start-instance.ts',
  use: {
    baseURL: `http://localhost:${process.env.MILLRACE_TEST_PORT}`,
    viewport: { width: 1440, height: 900 },
    actionTimeout: 30_000,
    // A trace takes as much time again as the tests; `--trace on` records one of what failed.
    trace: 'off',
    screenshot: 'only-on-failure',
    reducedMotion: 'reduce',
    launchOptions: {
      executablePath: findChromium() ?? undefined,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Pictures are compared: letters are then drawn alike whatever the machine's settings are.
        '--font-render-hinting=none',
        '--disable-lcd-text',
        '--force-color-profile=srgb',
      ],
    },
  },
})
