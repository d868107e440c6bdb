import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { categories, definitions } from '../workflows/nodes/catalogue'
import type { FieldHint, NodeDefinition } from '../workflows/nodes/define'

const root = path.resolve(import.meta.dirname, '..')
const target = path.join(root, 'docs', 'nodes.md')

/** docs/nodes.md: each node type's definition and the docs.md beside it. */
export function nodeDocs(): string {
  const parts = ['# Node types', '', '<!-- Written by `node scripts/run.mjs scripts/node-docs.ts` from workflows/nodes/*/docs.md. -->', '']
  for (const { category, title } of categories) {
    const those = (definitions as readonly NodeDefinition[]).filter((definition) => definition.category === category)
    if (those.length === 0) continue
    parts.push(`## ${title}`, '')
    for (const definition of those) parts.push(...describe(definition))
  }
  return `${parts.join('\n').trimEnd()}\n`
}

/** The folder of a node type: `flow.wait_event` → `flow-wait-event`. */
export function folderOf(type: string): string {
  return type.replaceAll(/[._]/g, '-')
}

function describe(definition: NodeDefinition): string[] {
  const file = path.join(root, 'workflows', 'nodes', folderOf(definition.type), 'docs.md')
  if (!existsSync(file)) throw new Error(`${path.relative(root, file)} is missing: say there what ${definition.type} does.`)
  const out = definition.ports.out
  const ports =
    typeof out === 'function' ? 'depend on its settings' : out.length === 0 ? 'none' : out.map((port) => `\`${port}\``).join(', ')
  const hints = Object.entries(definition.form) as [string, FieldHint][]
  return [
    `### ${definition.title}`,
    '',
    `\`${definition.type}\`, version ${definition.version}. ${definition.summary}`,
    '',
    readFileSync(file, 'utf8').trim(),
    '',
    `Ways out: ${ports}.${definition.tool ? ' Can be given to an agent as a tool.' : ''}`,
    '',
    ...(hints.length === 0 ? [] : ['| field | | example |', '|---|---|---|', ...hints.map(([name, hint]) => row(name, hint)), '']),
  ]
}

function row(name: string, hint: FieldHint): string {
  const options = hint.options?.map((option) => option.label).join(', ')
  const words = [hint.help, options ? `One of: ${options}.` : undefined].filter(Boolean).join(' ')
  const example = hint.example ? `\`${hint.example.replace(/\s+/g, ' ')}\`` : ''
  return `| ${hint.label} (\`${name}\`) | ${cell(words)} | ${cell(example)} |`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!process.argv.includes('--check')) {
    writeFileSync(target, nodeDocs())
    console.log(`wrote ${path.relative(root, target)}`)
  } else if (readFileSync(target, 'utf8') !== nodeDocs()) {
    console.error('docs/nodes.md is out of step. Run node scripts/run.mjs scripts/node-docs.ts and commit it.')
    process.exit(1)
  }
}
