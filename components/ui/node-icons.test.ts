import { describe, expect, it } from 'vitest'
import { definitions } from '@/workflows/nodes/catalogue'
import { nodeIcons } from './node-icons'

describe('the icons of nodes', () => {
  it.each(definitions.map((definition) => [definition.type, definition.icon]))('%s has %s', (_, icon) => {
    expect(nodeIcons).toHaveProperty([icon])
  })
  it('are different for each node type of a category', () => {
    const known = definitions.map((definition) => `${definition.category} ${definition.icon}`)
    expect(known).toEqual([...new Set(known)])
  })
})
