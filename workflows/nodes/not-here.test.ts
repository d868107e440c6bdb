import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it, vi } from 'vitest'
import { graphOf, idOf } from '@/tests/support/plan-of'
import type { Json } from '../graph/schema'
import type { NodeDefinition } from './define'

const used = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => path.join(import.meta.dirname, name, 'definition.ts'))
  .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/'(#run\/[^']+)'/g)].map(([, name]) => name as string))

it('is missed by nothing that a page does with a node: its look, its problems and its sample', async () => {
  expect(used.length).toBeGreaterThan(5)
  vi.resetModules()
  for (const name of used) vi.doMock(name, () => import('./not-here'))
  const { catalogue, definitions } = await import('./catalogue')
  const { validate } = await import('../graph/validate')
  const { sampleOf } = await import('../graph/sample-of')
  const examples = (definitions as readonly NodeDefinition[]).flatMap((definition) =>
    (definition.examples ?? []).map(({ params }) => ({ definition, params: params as Record<string, Json> })),
  )
  for (const { definition, params } of examples) {
    const graph = graphOf('start -> step', { start: { type: 'trigger.manual' }, step: { type: definition.type, params } })
    const node = graph.nodes.find(({ id }) => id === idOf('step'))
    expect(validate(graph, catalogue).filter(({ nodeId, severity }) => nodeId === node?.id && severity === 'error')).toEqual([])
    expect(() => definition.subtitle?.(params, definition.form)).not.toThrow()
    expect(() => node && sampleOf(graph, node, () => undefined, catalogue)).not.toThrow()
  }
  expect(examples.length).toBeGreaterThan(20)
})
