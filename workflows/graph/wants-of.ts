import { catalogue as wholeCatalogue } from '../nodes/catalogue'
import type { FieldHint } from '../nodes/define'
import type { Catalogue } from './catalogue'
import type { Graph, Json } from './schema'

/** What a workflow will need, shown before it is imported. */
export interface Wants {
  nodes: { type: string; title: string; count: number }[]
  /** Host names that its requests go to; `(from data)` where an expression decides. */
  hosts: string[]
  /** `credential` names what it was called where it comes from. */
  credentials: { type: string; name: string; nodeTitles: string[] }[]
  /** Titles of its schedule triggers. */
  schedules: string[]
  /** Titles of nodes that run code. */
  code: string[]
  models: string[]
}

export const hostFromData = '(from data)'

/** Lists a graph's node types, hosts, credentials, schedules, code and models. */
export function wantsOf(
  graph: Graph,
  credentials: Readonly<Record<string, { type: string; name: string }>> = {},
  catalogue: Catalogue = wholeCatalogue,
): Wants {
  const nodes = new Map<string, Wants['nodes'][number]>()
  const hosts = new Set<string>()
  const wanted = new Map<string, Wants['credentials'][number]>()
  const models = new Set<string>()
  const schedules: string[] = []
  const code: string[] = []
  for (const node of graph.nodes) {
    const definition = catalogue.get(node.type)
    if (!definition || definition.kind === 'note') continue
    const counted = nodes.get(node.type)
    if (counted) counted.count++
    else nodes.set(node.type, { type: node.type, title: definition.title, count: 1 })
    if (definition.kind === 'trigger' && definition.type.endsWith('.schedule')) schedules.push(node.title)
    if (definition.category === 'code') code.push(node.title)
    const form: Record<string, FieldHint> = definition.form
    for (const [param, hint] of Object.entries(form)) {
      const value = node.params[param]
      if (hint.widget === 'model') models.add(typeof value === 'string' && value !== '' ? value : 'practice')
      if (param === 'url' && typeof value === 'string') hosts.add(hostOf(value))
      if (hint.widget === 'credential' && typeof value === 'string' && value !== '')
        addCredential(wanted, value, node.title, hint, credentials)
    }
  }
  return {
    nodes: [...nodes.values()],
    hosts: [...hosts].sort(),
    credentials: [...wanted.values()],
    schedules,
    code,
    models: [...models].sort(),
  }
}

function addCredential(
  wanted: Map<string, Wants['credentials'][number]>,
  id: string,
  title: string,
  hint: FieldHint,
  known: Readonly<Record<string, { type: string; name: string }>>,
): void {
  const there = wanted.get(id)
  if (there) {
    if (!there.nodeTitles.includes(title)) there.nodeTitles.push(title)
    return
  }
  const { type, name } = (Object.hasOwn(known, id) ? known[id] : undefined) ?? {
    type: hint.credentialTypes?.[0] ?? 'unknown',
    name: hint.label,
  }
  wanted.set(id, { type, name, nodeTitles: [title] })
}

function hostOf(url: Json): string {
  const text = String(url).trim()
  if (/^\{\{\s*run\.baseUrl\s*\}\}/.test(text)) return 'this instance'
  const start = /^https?:\/\/([^/?#\s]*)/i.exec(text)?.[1]
  if (start === undefined || start === '' || start.includes('{{')) return hostFromData
  return start.replace(/^.*@/, '').toLowerCase()
}
