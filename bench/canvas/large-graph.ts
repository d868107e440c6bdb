import type { Graph, GraphNode } from '../../workflows/graph/schema'
import { drawGraph, step } from '../../workflows/templates/draw-graph'

const rows = 25
const columns = 40

/** 1,000 nodes of the usual kinds in 25 lanes, and 1,200 edges: the lanes, and 225 ways from one lane to the next. */
export function largeGraph(): Graph {
  const nodes: GraphNode[] = []
  const lines: string[] = []
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) nodes.push(nodeAt(row, column))
    for (let column = 0; column < columns - 1; column++) lines.push(`${way(row, column)} -> ${key(row, column + 1)}`)
  }
  for (let index = 0; index < 225; index++) {
    const row = index % (rows - 1)
    const column = 1 + ((index * 7) % (columns - 3))
    const line = `${wayAside(row, column)} -> ${key(row + 1, column + 2)}`
    if (lines.includes(line)) throw new Error(`twice: ${line}`)
    lines.push(line)
  }
  const graph = drawGraph(nodes, lines)
  if (graph.nodes.length !== 1000 || graph.edges.length !== 1200)
    throw new Error(`${graph.nodes.length} nodes, ${graph.edges.length} edges`)
  return graph
}

/** At most 12 characters: edges are called after them. */
export function key(row: number, column: number) {
  return `lane${row}_${column}`
}

const isFork = (column: number) => column % 5 === 3
const way = (row: number, column: number) => (isFork(column) ? `${key(row, column)}.true` : key(row, column))
const wayAside = (row: number, column: number) => (isFork(column) ? `${key(row, column)}.false` : key(row, column))

function nodeAt(row: number, column: number): GraphNode {
  const name = key(row, column)
  const place = [column, row] as const
  if (column === 0) return step(name, 'trigger.manual', `Lane ${row}`, place)
  const before = key(row, column - 1)
  if (isFork(column))
    return step(name, 'flow.if', `Large? ${row}.${column}`, place, {
      conditions: [{ left: `{{ steps.${before}.total }}`, operator: 'greater', right: '100' }],
    })
  if (column % 5 === 1)
    return step(name, 'http.request', `Fetch ${row}.${column}`, place, {
      url: `https://shop.example/orders/{{ steps.${before}.id }}`,
    })
  if (column % 5 === 2)
    return step(name, 'code.javascript', `Sum ${row}.${column}`, place, {
      code: 'return { total: input.lines.reduce((a, b) => a + b, 0) }',
    })
  return step(name, 'data.set', `Set ${row}.${column}`, place, {
    keep: 'only-set',
    fields: [
      { name: 'id', value: `{{ steps.${before}.id }}` },
      { name: 'total', value: '{{ input.price * input.quantity }}' },
    ],
  })
}
