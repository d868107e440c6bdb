import type { NodeDefinition } from '../nodes/define'

/** The newest definition of each node type; older stored nodes reach it through `migrate`. */
export type Catalogue = ReadonlyMap<string, NodeDefinition>

/** The definition that runs this node, or null when this build does not know its type, its version or a way up to ours. */
export function definitionOf(node: { type: string; version: number }, catalogue: Catalogue): NodeDefinition | null {
  const definition = catalogue.get(node.type)
  if (!definition) return null
  if (node.version === definition.version) return definition
  return node.version < definition.version && definition.migrate ? definition : null
}
