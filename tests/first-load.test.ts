import path from 'node:path'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')

/** Everything that a page gets before it can show the editor: what is imported, without what is imported when it is needed. */
let files: readonly string[] = []

beforeAll(async () => {
  const made = await build({
    absWorkingDir: root,
    stdin: {
      contents: `import './components/editor/workflow-editor'; import './components/frame/frame'; import './components/ui/toaster'`,
      resolveDir: root,
    },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    outdir: 'out',
    write: false,
    metafile: true,
    treeShaking: true,
    jsx: 'automatic',
    alias: { '@': root },
    loader: { '.css': 'empty' },
    logLevel: 'silent',
  })
  const { outputs } = made.metafile
  const seen = new Set<string>()
  const todo = Object.keys(outputs).filter((name) => outputs[name]?.entryPoint === '<stdin>')
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    for (const { path: file, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') todo.push(file)
  }
  files = [...seen].flatMap((name) =>
    Object.entries(outputs[name]?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  )
}, 60_000)

describe('what the editor brings before its canvas', () => {
  it('is the canvas', () => {
    expect(files.some((file) => file.includes('@xyflow/react'))).toBe(true)
    expect(files).toContain('components/canvas/canvas.tsx')
  })
  it.each([
    ['the expression engine', /workflows\/graph\/expressions\/(?!shape|values)|node_modules\/(acorn|re2js)\//],
    ['the calendar', /node_modules\/luxon\//],
    ['the checks', /workflows\/graph\/(validate(-params|-fields|-expressions|-settings)?|inspect-params)\.ts/],
    ['code editors', /node_modules\/(@codemirror|@uiw|codemirror)\//],
    ['charts', /node_modules\/(recharts|victory-vendor)\//],
    ['layout', /node_modules\/@dagrejs\/|workflows\/graph\/layout\.ts/],
    ['what plans a test', /workflows\/graph\/plan-test\.ts/],
    ['what reads a pasted text, and where it goes', /components\/editor\/store\/(add-from-text|paste|place-inside)\.ts/],
    ['forms', /components\/forms\/|node_modules\/react-hook-form\//],
    ['dialogs, menus and tooltips', /components\/ui\/(dialog|dropdown-menu|popover|tooltip-bubble)|node_modules\/cmdk\//],
    ['toasts', /node_modules\/sonner\//],
    [
      'what a chosen node brings up',
      /components\/editor\/(node-toolbar|selection-toolbar|outline(?!-focus)|problem-list|test-data|node-panel)/,
    ],
  ])('holds nothing of %s', (_what, pattern) => {
    expect(files.filter((file) => pattern.test(file))).toEqual([])
  })
})
