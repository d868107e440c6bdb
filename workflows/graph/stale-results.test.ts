import { expect, it } from 'vitest'
import { catalogue } from '../nodes/catalogue'
import { drawGraph, step } from '../templates/draw-graph'
import { staleResults } from './stale-results'

it('looks at nothing but the steps with a result and what comes before them', () => {
  const nodes = Array.from({ length: 200 }, (_, index) =>
    step(`s${index}`, index === 0 ? 'trigger.manual' : 'data.set', `Step ${index}`, [index, 0]),
  )
  const graph = drawGraph(
    nodes,
    nodes.slice(1).map((_, index) => `s${index} -> s${index + 1}`),
  )
  const asked: string[] = []
  const counting = new Map(catalogue)
  counting.get = (type) => {
    asked.push(type)
    return catalogue.get(type)
  }
  const result = { nodeId: graph.nodes[4]?.id ?? '', port: 'main', pinned: false, basis: 'another', at: new Date(0) }
  expect([...staleResults(graph, [result], counting)]).toEqual([result.nodeId])
  expect(asked).toHaveLength(5)
})
