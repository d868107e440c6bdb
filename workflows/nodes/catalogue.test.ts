import { icons } from 'lucide-react'
import { describe, expect, it } from 'vitest'
import { definitionOf } from '../graph/catalogue'
import { compileParams } from '../graph/expressions'
import { portsOf } from '../graph/ports-of'
import type { GraphNode, Json } from '../graph/schema'
import { catalogue, categories, definitions } from './catalogue'
import { findCredentialType } from './credential-types'
import type { FieldHint, NodeDefinition } from './define'
import { executors } from './executors.server'

const all: readonly NodeDefinition[] = definitions
const pascal = (name: string): string => name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())
const node = (settings: Partial<GraphNode['settings']> = {}): Pick<GraphNode, 'params' | 'settings'> => ({
  params: {},
  settings: { onError: 'fail', atMostOnce: false, disabled: false, note: '', ...settings },
})

describe('the catalogue', () => {
  it('has each type once, in the order of its categories', () => {
    expect(catalogue.size).toBe(definitions.length)
    const order = all.map((definition) => categories.findIndex((one) => one.category === definition.category))
    expect(order).toEqual([...order].sort((a, b) => a - b))
  })
  it('has an executor for each effect and for nothing else', () => {
    expect([...executors.keys()].sort()).toEqual(
      all
        .filter((one) => one.kind === 'effect')
        .map((one) => one.type)
        .sort(),
    )
  })
  it('knows a type and version or says that it does not', () => {
    expect(definitionOf({ type: 'http.request', version: 1 }, catalogue)?.title).toBe('HTTP request')
    expect(definitionOf({ type: 'http.request', version: 2 }, catalogue)).toBeNull()
    expect(definitionOf({ type: 'shell.exec', version: 1 }, catalogue)).toBeNull()
    expect(definitionOf({ type: 'constructor', version: 1 }, catalogue)).toBeNull()
  })
})

describe.each(all.map((definition) => [definition.type, definition] as const))('%s', (_, definition) => {
  const hints = Object.entries(definition.form) as [string, FieldHint][]
  it('has an icon that exists, a title and a summary that is a sentence', () => {
    expect(icons).toHaveProperty(pascal(definition.icon))
    expect(definition.title).toMatch(/^[A-Z]/)
    expect(definition.summary).toMatch(/^[A-Z].*\.$/)
  })
  it('has a form whose fields are all parameters, whose conditions can come true, and whose options are allowed', () => {
    for (const [name, hint] of hints) {
      expect(Object.keys(definition.params.shape)).toContain(name)
      expect(hint.label).toMatch(/^[A-Z]/)
      for (const type of hint.credentialTypes ?? []) expect(findCredentialType(type)).not.toBeNull()
      for (const option of hint.options ?? []) expect(definition.params.shape[name]?.safeParse(option.value).success).toBe(true)
      if (!hint.showIf) continue
      const { param, is } = hint.showIf
      for (const value of is) expect(definition.params.shape[param]?.safeParse(value).success).toBe(true)
    }
  })
  it('shows a card and ports while nothing is filled in, and while rubbish is', () => {
    const rubbish = Object.fromEntries(Object.keys(definition.params.shape).map((key) => [key, { a: [null, 3] } as Json]))
    for (const params of [{}, rubbish]) {
      expect(typeof (definition.subtitle?.(params, definition.form) ?? '')).toBe('string')
      expect(() => definition.check?.(params, {} as GraphNode)).not.toThrow()
      expect(() => portsOf({ ...node(), params }, definition)).not.toThrow()
    }
  })
  it('says with a sentence and a pointer what is missing', () => {
    for (const problem of definition.check?.({}, {} as GraphNode) ?? []) {
      expect(problem.message).toMatch(/^[A-Z].*\.$/)
      expect(problem.pointer).toMatch(/^\/params\//)
    }
  })
  it('has expressions in no field that is kept as it is', () => {
    const literalKeys = hints.filter(([, hint]) => hint.literal).map(([name]) => name)
    const { params } = compileParams(Object.fromEntries(literalKeys.map((key) => [key, '{{ input }}'])), { literalKeys })
    expect(params.evaluate({ input: 1, trigger: 1, steps: {}, vars: {}, run: {}, now: new Date(0) })).toEqual(
      Object.fromEntries(literalKeys.map((key) => [key, '{{ input }}'])),
    )
  })
})
