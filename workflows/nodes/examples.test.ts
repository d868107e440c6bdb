import { describe, expect, it } from 'vitest'
import type { Graph, GraphNode } from '../graph/schema'
import { validate } from '../graph/validate'
import { catalogue, definitions } from './catalogue'
import type { NodeDefinition } from './define'

const settings = { onError: 'fail' as const, atMostOnce: false, disabled: false, note: '' }
const trigger: GraphNode = {
  id: 'trigger1',
  key: 'start',
  title: 'Start',
  type: 'trigger.manual',
  version: 1,
  params: {},
  settings,
  position: { x: 0, y: 0 },
}

const examples = (definitions as readonly NodeDefinition[]).flatMap((definition) =>
  (definition.examples ?? []).map((example) => ({ definition, example })),
)

describe('the examples in a node’s help', () => {
  it.each(examples.map((one) => ({ ...one, name: `${one.definition.title}: ${one.example.title}` })))(
    '$name can be used as it is',
    ({ definition, example }) => {
      const node: GraphNode = {
        ...trigger,
        id: 'example1',
        key: 'example',
        type: definition.type,
        version: definition.version,
        params: example.params,
      }
      const graph: Graph = {
        schema: 1,
        nodes: [trigger, node],
        edges: [{ id: 'edge0001', from: 'trigger1', fromPort: 'main', to: 'example1', toPort: 'main' }],
      }
      const problems = validate(graph, catalogue).filter((problem) => problem.nodeId === 'example1' && problem.severity === 'error')
      expect(problems).toEqual([])
      for (const param of Object.keys(example.params)) expect(Object.keys(definition.form)).toContain(param)
      expect(definition.subtitle?.(example.params, definition.form)).not.toMatch(/yet$/)
    },
  )
})
