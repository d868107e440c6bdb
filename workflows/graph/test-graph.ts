import { catalogue } from '../nodes/catalogue'
import type { Graph, GraphEdge, GraphNode } from './schema'

type Changes = Partial<Omit<GraphNode, 'settings'>> & { settings?: Partial<GraphNode['settings']> }

/**
 * A graph for tests: `graph('start -> a.true -> b; tool => agent')`. Names are ids and keys at once; `start` is a trigger by hand,
 * `agent` an agent, `tool` an HTTP request, everything else sets fields, unless `nodes` says otherwise.
 */
export function graph(lines: string, nodes: Readonly<Record<string, Changes>> = {}): Graph {
  const names = new Set(Object.keys(nodes))
  const edges: GraphEdge[] = []
  for (const line of lines.split(/[;\n]/)) {
    const isTool = line.includes('=>')
    const stops = line.split(/->|=>/).map((stop) => stop.trim())
    for (const [index, stop] of stops.entries()) {
      const [name = '', port] = stop.split('.')
      if (name === '') continue
      names.add(name)
      const to = stops[index + 1]?.split('.')[0]
      if (!to) continue
      const ports = isTool ? { fromPort: 'tool', toPort: 'tools' } : { fromPort: port ?? 'main', toPort: 'main' }
      edges.push({ id: `${name}_${ports.fromPort}_${to}`, from: name, to, ...ports })
    }
  }
  return { schema: 1, nodes: [...names].map((name, index) => testNode(name, nodes[name], index)), edges }
}

export function testNode(name: string, changes: Changes = {}, index = 0): GraphNode {
  const usual: Record<string, string> = { start: 'trigger.manual', agent: 'ai.agent', tool: 'http.request' }
  const type = changes.type ?? usual[name] ?? 'data.set'
  const params: GraphNode['params'] = type === 'http.request' ? { url: 'https://example.com' } : {}
  return {
    id: name,
    key: name,
    title: name,
    type,
    version: catalogue.get(type)?.version ?? 1,
    params,
    position: { x: index * 260, y: 0 },
    ...changes,
    settings: { onError: 'fail', atMostOnce: false, disabled: false, note: '', ...changes.settings },
  }
}
