import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { bundleWorkflowCode } from '@temporalio/worker'
import { describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')

function filesBelow(folder: string, keep: (file: string) => boolean): string[] {
  const found: string[] = []
  const visit = (at: string) => {
    for (const name of readdirSync(at)) {
      const file = path.join(at, name)
      if (statSync(file).isDirectory()) visit(file)
      else if (keep(file)) found.push(file)
    }
  }
  visit(path.join(root, folder))
  return found.map((file) => path.relative(root, file))
}

const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const isSource = (file: string) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file)

describe('the isolate', () => {
  it('holds Temporal workflows and nothing else', async () => {
    const quiet = () => {}
    const { code } = await bundleWorkflowCode({
      workflowsPath: path.join(root, 'workflows', 'index.ts'),
      logger: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet, log: quiet },
    })
    const modules = new Set(
      [...code.matchAll(/\.\/(node_modules\/(?:@[^/]+\/)?[^/"\\]+|workflows\/[^"\\]+?\.ts)/g)].map((match) => match[1] as string),
    )
    const packages = [...modules].filter((name) => name.startsWith('node_modules/') && !name.startsWith('node_modules/@temporalio/'))
    const allowed = ['long', 'ms', 'abort-controller', 'event-target-shim', 'heap-js', 'nexus-rpc', 'protobufjs', '@protobufjs']
    expect(packages.filter((name) => !allowed.some((part) => name.startsWith(`node_modules/${part}`)))).toEqual([])
    expect([...modules].filter((name) => name.startsWith('workflows/') && /nodes|graph|execute-plan/.test(name))).toEqual([])
  }, 60_000)
})

describe('a node', () => {
  const folders = readdirSync(path.join(root, 'workflows', 'nodes')).filter((name) =>
    statSync(path.join(root, 'workflows', 'nodes', name)).isDirectory(),
  )

  it.each(folders)('%s brings its definition, its docs and tests', (folder) => {
    const at = path.join(root, 'workflows', 'nodes', folder)
    expect(existsSync(path.join(at, 'definition.ts'))).toBe(true)
    expect(existsSync(path.join(at, 'docs.md'))).toBe(true)
    expect(readdirSync(at).some((name) => name.endsWith('.test.ts'))).toBe(true)
  })

  it('is known by its definition only, never by its type in other rooms', () => {
    const types = folders
      .map((folder) => /type: '([^']+)'/.exec(read(`workflows/nodes/${folder}/definition.ts`))?.[1])
      .filter((type) => type !== undefined)
    const offenders = [
      ...filesBelow('workflows/runtime', isSource),
      ...filesBelow('activities', isSource),
      ...filesBelow('components', isSource),
    ].filter((file) => types.some((type) => new RegExp(`(===|!==|case) ['"]${type.replace('.', '\\.')}['"]`).test(read(file))))
    expect(offenders).toEqual([])
  })
})

describe('the graph', () => {
  it('uses relative imports, so that browser, worker and isolate can load it', () => {
    const offenders = filesBelow('workflows', isSource).filter((file) => /from '@\//.test(read(file)))
    expect(offenders).toEqual([])
  })
})

describe('every outgoing request', () => {
  it('goes through the guarded door', () => {
    const offenders = [
      ...filesBelow('server', isSource),
      ...filesBelow('activities', isSource),
      ...filesBelow('workflows', isSource),
    ].filter(
      (file) =>
        !file.startsWith('server/net/') &&
        /(?<![.\w])fetch\(|from 'node:https?'.*request|globalThis\.fetch/.test(read(file).replace(/\/\*[\s\S]*?\*\//g, '')) &&
        !/\bfetch[,:]|\{[^}]*\bfetch\b[^}]*\}/.test(read(file)),
    )
    expect(offenders).toEqual([])
  })
})
