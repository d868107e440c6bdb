import { mapTexts, toStored } from '../graph/expressions'
import { literalParams, mapSettings } from '../graph/inspect-params'
import type { Graph, GraphEdge, GraphNode, Json, NodeSettings } from '../graph/schema'
import { catalogue, type NodeType } from '../nodes/catalogue'

/** Columns are 260 px apart, rows 140; a step's place is [column, row]. */
const pitch = { x: 260, y: 140 }

type Place = readonly [column: number, row: number]

export function step(
  key: string,
  type: NodeType,
  title: string,
  place: Place,
  params: Record<string, Json> = {},
  settings: Partial<NodeSettings> = {},
): GraphNode {
  return {
    id: key,
    key,
    title,
    type,
    version: catalogue.get(type)?.version ?? 1,
    params,
    settings: { onError: 'fail', atMostOnce: false, disabled: false, note: '', ...settings },
    position: { x: place[0] * pitch.x, y: place[1] * pitch.y },
  }
}

export function note(key: string, text: string, place: Place, size: { width: number; height: number }): GraphNode {
  return { ...step(key, 'note.sticky', 'Note', place, { text }), size }
}

/** A graph from steps and lines such as `check.true -> pay` and, for tools, `lookup => agent`; expressions may name steps by key. */
export function drawGraph(nodes: readonly GraphNode[], lines: readonly string[]): Graph {
  const named = { nodes }
  return {
    schema: 1,
    nodes: nodes.map((node) => {
      const definition = catalogue.get(node.type)
      const literal = definition ? literalParams(definition) : []
      const params = Object.entries(node.params).map(([param, value]) => [
        param,
        literal.includes(param) ? value : mapTexts(value, (text) => toStored(text, named)),
      ])
      const settings = mapSettings(node.settings, (text) => toStored(text, named))
      return { ...node, params: Object.fromEntries(params), settings }
    }),
    edges: lines.flatMap(drawLine),
  }
}

function drawLine(line: string): GraphEdge[] {
  const tool = /^(\w+) => (\w+)$/.exec(line)
  if (tool) return [edge(tool[1] as string, 'tool', tool[2] as string, 'tools')]
  const stops = line.split(' -> ')
  return stops.slice(1).map((to, index) => {
    const [from, port = 'main'] = (stops[index] as string).split(/\.(.*)/)
    return edge(from as string, port, (to as string).split('.')[0] as string, 'main')
  })
}

function edge(from: string, fromPort: string, to: string, toPort: string): GraphEdge {
  return { id: `${from.slice(0, 12)}_${fromPort.replace(/\W/g, '').slice(0, 8)}_${to.slice(0, 12)}`, from, fromPort, to, toPort }
}
