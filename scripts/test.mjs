import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { build, isBuilt } from './build.mjs'
import { check } from './check.mjs'
import { bundledNode, ensureDependencies, environmentOf, root, underBundledNode } from './lib/node.mjs'
import { output, Trouble } from './lib/processes.mjs'

const results = path.join(root, 'test-results')
const totals = { passed: 0, failed: 0 }
const began = Date.now()

/**
 * `npm test` runs everything; `npm test -- unit database` only those parts. `--lane off` lets the instances of the tests drive every run
 * through Temporal, where a test does not say itself how.
 */
const parts = {
  check: async () => check(),
  unit: () => vitest('unit'),
  database: () => vitest('database'),
  temporal: () => vitest('temporal'),
  browser: () => playwright(),
  faults: (printed) => vitest('faults', printed),
}

/** What runs at once: the tests of faults wait more than they work, and those of Temporal bear what they do to the machine. */
const shifts = [['check'], ['unit'], ['database'], ['temporal', 'faults'], ['browser']]

async function main() {
  ensureDependencies((line) => console.log(`· ${line}`))
  await underBundledNode()
  const { values, positionals: asked } = parseArgs({ options: { lane: { type: 'string', default: 'on' } }, allowPositionals: true })
  if (values.lane !== 'on' && values.lane !== 'off') throw new Trouble('--lane is on or off.')
  if (values.lane === 'off') process.env.MILLRACE_LANE = 'off'
  const unknown = asked.filter((name) => !(name in parts))
  if (unknown.length) throw new Trouble(`There is no part "${unknown[0]}". The parts are: ${Object.keys(parts).join(', ')}.`)
  const chosen = asked.length ? asked : Object.keys(parts)
  rmSync(results, { recursive: true, force: true })
  mkdirSync(results, { recursive: true })
  if (chosen.includes('browser')) await ensureChromium()
  if (chosen.includes('temporal') || chosen.includes('browser') || chosen.includes('faults')) {
    const { findTemporal } = await import('./lib/temporal.mjs')
    await findTemporal({ log: (line) => console.log(`· ${line}`) })
  }
  if ((chosen.includes('browser') || chosen.includes('faults')) && !isBuilt()) {
    const from = Date.now()
    await build((line) => console.log(`  ${line}`))
    console.log(`✓ build  ${((Date.now() - from) / 1000).toFixed(1)} s`)
  }
  const toRun = shifts.map((names) => names.filter((name) => chosen.includes(name))).filter(({ length }) => length)
  for (const [first, ...beside] of toRun) {
    const others = beside.map((name) => keepingWhatItPrints(name))
    console.log(`\n── ${first}`)
    console.log(await run(first))
    for (const { name, printed, line } of await Promise.all(others)) {
      console.log(`\n── ${name}`)
      process.stdout.write(Buffer.concat(printed))
      console.log(line)
    }
  }
  console.log(`\nin ${((Date.now() - began) / 60_000).toFixed(1)} min`)
  console.log(`${totals.passed} passed, ${totals.failed} failed`)
  process.exit(totals.failed ? 1 : 0)
}

/** Answers the line that says how it went. */
async function run(name, printed) {
  const from = Date.now()
  const { passed, failed } = await parts[name](printed)
  totals.passed += passed
  totals.failed += failed
  return `── ${name}: ${passed} passed, ${failed} failed  ${((Date.now() - from) / 1000).toFixed(1)} s`
}

/** Two that print at once cannot be read. */
async function keepingWhatItPrints(name) {
  const printed = []
  return { name, printed, line: await run(name, printed) }
}

async function vitest(project, printed) {
  const file = path.join(results, `${project}.json`)
  const code = await show('vitest', ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`], {
    printed,
  })
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
  return counted(report?.numPassedTests ?? 0, report?.numFailedTests ?? 0, code)
}

async function playwright() {
  const file = path.join(results, 'browser.json')
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: file, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' }
  const code = await show('playwright', ['test', '--reporter=list,json'], { env })
  const { stats, suites = [] } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  for (const title of titlesOf(suites, 'flaky')) console.log(`✘ only at its second try: ${title}`)
  return counted((stats?.expected ?? 0) + (stats?.flaky ?? 0), stats?.unexpected ?? 0, code)
}

function titlesOf(suites, status) {
  return suites.flatMap(({ file, specs = [], suites: inner = [] }) => [
    ...specs.filter(({ tests }) => tests.some((test) => test.status === status)).map(({ title }) => `${file} › ${title}`),
    ...titlesOf(inner, status),
  ])
}

/** A run that ends badly without naming a failed test counts as one failure. */
function counted(passed, failed, code) {
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed }
}

/** With `printed` what it prints goes there. */
function show(name, args, { env = {}, printed }) {
  const node = bundledNode() ?? process.execPath
  const child = spawn(path.join(root, 'node_modules', '.bin', name), args, {
    cwd: root,
    stdio: printed ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    env: { ...environmentOf(node), CI: process.env.CI ?? '1', ...env },
  })
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => printed.push(chunk))
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)))
}

/** Where a Chromium is, or null. */
export function findChromium() {
  const candidates = [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/snap/bin/chromium',
    '/opt/homebrew/bin/chromium',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ]
  return candidates.find((file) => file && existsSync(file)) ?? null
}

async function ensureChromium() {
  if (findChromium()) return
  console.log("· installing Chromium through the system's package manager")
  const isRoot = process.getuid?.() === 0
  const sudo = isRoot ? [] : ['sudo', '-n']
  const run = (...command) =>
    output(
      spawn(command[0], command.slice(1), {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      }),
    )
  for (const [tool, ...steps] of [
    ['apt-get', ['apt-get', 'update'], ['apt-get', 'install', '-y', 'chromium']],
    ['dnf', ['dnf', 'install', '-y', 'chromium']],
    ['apk', ['apk', 'add', 'chromium']],
    ['brew', ['brew', 'install', '--cask', 'chromium']],
  ]) {
    if ((await run('sh', '-c', `command -v ${tool}`)).code !== 0) continue
    for (const step of steps) await run(...(tool === 'brew' ? step : [...sudo, ...step]))
    if (findChromium()) return
  }
  throw new Trouble(
    'The browser tests need Chromium, and it could not be installed. Install it with your package manager (Debian: sudo apt-get install chromium), or set CHROMIUM_PATH.',
  )
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(root, 'scripts', 'test.mjs')) {
  main().catch((error) => {
    console.error(error instanceof Trouble ? error.message : error)
    console.log(`${totals.passed} passed, ${totals.failed + 1} failed`)
    process.exit(1)
  })
}
