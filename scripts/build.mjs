import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { bundledNode, ensureDependencies, environmentOf, root, underBundledNode } from './lib/node.mjs'
import { output, Trouble } from './lib/processes.mjs'

const stamp = path.join(root, 'dist', 'built')
const sources = [
  'app',
  'components',
  'server',
  'workflows',
  'activities',
  'db',
  'drizzle',
  'messages',
  'public',
  'scripts/prepare.ts',
  'scripts/first-run.ts',
  'scripts/build.mjs',
  'next.config.js',
  'tsconfig.json',
  'package-lock.json',
  'postcss.config.mjs',
]

/** Hash of everything that the built product is made of. */
export function sourceHash() {
  const hash = createHash('sha256')
  const visit = (file) => {
    const at = path.join(root, file)
    if (!existsSync(at)) return
    if (statSync(at).isDirectory()) {
      for (const name of readdirSync(at).sort()) visit(path.join(file, name))
      return
    }
    if (/\.test\.tsx?$/.test(file)) return
    hash.update(file).update('\0').update(readFileSync(at)).update('\0')
  }
  for (const source of sources) visit(source)
  return hash.digest('hex')
}

export function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceHash()
}

/** Builds pages and processes; the stamp is written last, so half a build counts as none. */
export async function build(say = () => {}) {
  rmSync(stamp, { force: true })
  const hash = sourceHash()
  await Promise.all([buildProcesses(), buildPages(say)])
  await packAssets()
  writeFileSync(stamp, hash)
}

/** Bundles web, worker and the start-up scripts into dist/; packages stay outside. */
export async function buildProcesses() {
  const { build: bundle } = await import('esbuild')
  rmSync(path.join(root, 'dist'), { recursive: true, force: true })
  await bundle({
    absWorkingDir: root,
    entryPoints: {
      web: 'server/main.ts',
      worker: 'activities/worker.ts',
      'sandbox-thread': 'server/sandbox/thread.ts',
      prepare: 'scripts/prepare.ts',
      'first-run': 'scripts/first-run.ts',
    },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
    alias: { '@': root },
  })
  const python = path.join(root, 'server', 'sandbox', 'python')
  mkdirSync(path.join(root, 'dist', 'python'))
  for (const name of readdirSync(python).filter((file) => /\.(py|mjs)$/.test(file)))
    cpSync(path.join(python, name), path.join(root, 'dist', 'python', name))
  const { bundleWorkflowCode } = await import('@temporalio/worker')
  const quiet = () => {}
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(root, 'workflows', 'index.ts'),
    logger: { trace: quiet, debug: quiet, info: quiet, warn: console.warn, error: console.error, log: quiet },
  })
  writeFileSync(path.join(root, 'dist', 'workflow-bundle.js'), code)
}

async function buildPages(say) {
  const node = bundledNode() ?? process.execPath
  const child = spawn(node, [path.join(root, 'node_modules', 'next', 'dist', 'bin', 'next'), 'build'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environmentOf(node), NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', MILLRACE_BUILDING: '1' },
  })
  const started = Date.now()
  const tick = setInterval(() => say(`building pages, ${Math.round((Date.now() - started) / 1000)} s`), 20_000)
  const { code, text } = await output(child)
  clearInterval(tick)
  if (code === 0) return
  if (/ENOSPC/.test(text)) throw new Trouble(`The disk that holds ${root} is full. Free about 1 GB and start again.`)
  throw new Trouble(`The pages could not be built:\n${text.trim().split('\n').slice(-40).join('\n')}`)
}

/** Packs scripts and styles once and well, instead of a little for each visitor. */
async function packAssets() {
  const folder = path.join(root, '.next', 'static', 'chunks')
  const pack = promisify(brotliCompress)
  const names = readdirSync(folder).filter((name) => /\.(js|css)$/.test(name) && statSync(path.join(folder, name)).size > 1_024)
  await Promise.all(
    names.map(async (name) => {
      const whole = readFileSync(path.join(folder, name))
      const packed = await pack(whole, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: whole.length },
      })
      writeFileSync(path.join(folder, `${name}.br`), packed)
    }),
  )
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(root, 'scripts', 'build.mjs')) {
  ensureDependencies(console.log)
  await underBundledNode()
  await build(console.log).catch((error) => {
    console.error(error instanceof Trouble ? error.message : error)
    process.exit(1)
  })
}
