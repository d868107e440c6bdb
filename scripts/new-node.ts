import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** Writes the folder of a new effect node and its lines in the catalogue and among the executors; returns the files touched. */
export function newNode(type: string, nodesFolder: string): string[] {
  if (!/^[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)+$/.test(type)) {
    throw new Error(`"${type}" is not a node type. Use lower-case words with dots, for example slack.message.`)
  }
  const folder = path.join(nodesFolder, type.replaceAll('.', '-'))
  if (existsSync(folder)) throw new Error(`${folder} is there already.`)
  const names = namesOf(type)
  const catalogue = path.join(nodesFolder, 'catalogue.ts')
  const executors = path.join(nodesFolder, 'executors.server.ts')
  const nextCatalogue = addToCatalogue(readFileSync(catalogue, 'utf8'), names)
  const nextExecutors = addToExecutors(readFileSync(executors, 'utf8'), names)
  mkdirSync(folder)
  const files: Record<string, string> = {
    [path.join(folder, 'definition.ts')]: definitionText(names),
    [path.join(folder, 'executor.server.ts')]: executorText(names),
    [path.join(folder, 'executor.test.ts')]: testText(names),
    [path.join(folder, 'docs.md')]: docsText(names),
    [catalogue]: nextCatalogue,
    [executors]: nextExecutors,
  }
  for (const [file, text] of Object.entries(files)) writeFileSync(file, text)
  return Object.keys(files)
}

interface Names {
  type: string
  folder: string
  /** `slackMessage` */
  constant: string
  /** `runSlackMessage` */
  executor: string
  title: string
}

function namesOf(type: string): Names {
  const words = type.split('.')
  const pascal = words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('')
  return {
    type,
    folder: words.join('-'),
    constant: pascal[0]?.toLowerCase() + pascal.slice(1),
    executor: `run${pascal}`,
    title: words.join(' ').replace(/^./, (letter) => letter.toUpperCase()),
  }
}

function addToCatalogue(text: string, { constant, folder }: Names): string {
  const withImport = addImport(text, `import { ${constant} } from './${folder}/definition'`)
  // Nodes stand in the order of their categories, and a new one begins in the category of this one.
  return insert(withImport, /^( {2}httpRequest,\n)/m, `$1  ${constant},\n`)
}

function addToExecutors(text: string, { type, executor, folder }: Names): string {
  const withImport = addImport(text, `import { ${executor} } from './${folder}/executor.server'`)
  return insert(withImport, /(\} as const satisfies \{ \[Type in EffectType\])/, `  '${type}': ${executor},\n$1`)
}

/** Imports stand in the order of their paths, as the formatter wants them. */
function addImport(text: string, line: string): string {
  const pathOf = (one: string): string => /from '([^']+)'/.exec(one)?.[1] ?? ''
  const lines = text.split('\n')
  const imports = lines.filter((one) => one.startsWith('import '))
  const after = imports.filter((one) => pathOf(one) < pathOf(line)).at(-1)
  const at = after === undefined ? 0 : lines.indexOf(after) + 1
  return [...lines.slice(0, at), line, ...lines.slice(at)].join('\n')
}

function insert(text: string, at: RegExp, what: string): string {
  const next = text.replace(at, what)
  if (next === text) throw new Error('The catalogue looks different than expected; add the node there by hand.')
  return next
}

function definitionText({ type, constant, title }: Names): string {
  return `import { z } from 'zod'
import { defineEffect } from '../define'
import { textParam } from '../params'

export const ${constant} = defineEffect({
  type: '${type}',
  version: 1,
  title: '${title}',
  summary: 'Say in one sentence what it does for an analyst.',
  category: 'network',
  icon: 'plug',
  ports: { in: ['main'], out: ['main'] },
  tool: true,
  timeoutMs: 30_000,
  retry: { attempts: 3 },
  params: z.object({
    url: textParam,
  }),
  form: {
    url: { label: 'URL', widget: 'text', example: 'https://api.example.com/' },
  },
  subtitle: (params) => (typeof params.url === 'string' ? params.url : 'No URL yet'),
  sample: { status: 200 },
})
`
}

function executorText({ constant, executor }: Names): string {
  return `import { defineExecutor } from '../define'
import { statusError } from '../http-request/status-error'
import { ${constant} } from './definition'

export const ${executor} = defineExecutor(${constant}, async ({ params, fetch, signal, stepKey, now }) => {
  const response = await fetch(params.url, { method: 'POST', headers: { 'idempotency-key': stepKey }, signal })
  if (!response.ok) throw await statusError(response, now())
  return { port: 'main', output: { status: response.status } }
})
`
}

function testText({ constant, executor, title }: Names): string {
  return `import { describe, expect, it } from 'vitest'
import { answerWith, failureOf, runEffect } from '../../../tests/support/run-node'
import { ${constant} } from './definition'
import { ${executor} } from './executor.server'

const run = (status: number) =>
  runEffect(${constant}, ${executor}, { url: 'https://api.example.com/' }, { fetch: async () => answerWith(status, '{}') })

describe('${title.toLowerCase()}', () => {
  it('hands on what the service answered', async () => {
    expect(await run(200)).toEqual({ port: 'main', output: { status: 200 } })
  })
  it('is worth another try when the service has trouble', async () => {
    expect(await failureOf(() => run(503))).toMatchObject({ class: 'transient' })
  })
})
`
}

function docsText({ title }: Names): string {
  return `Say here what ${title} does, what its output looks like, how it fails, and what an analyst should know before using it.\n`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [type] = process.argv.slice(2)
  const root = path.resolve(import.meta.dirname, '..')
  try {
    if (!type) throw new Error('Say the type of the node: npm run new:node slack.message')
    for (const file of newNode(type, path.join(root, 'workflows', 'nodes'))) console.log(`wrote ${path.relative(root, file)}`)
    console.log('Then: node scripts/run.mjs scripts/node-docs.ts')
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
