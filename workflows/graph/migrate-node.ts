import { type Catalogue, definitionOf } from './catalogue'
import type { GraphNode } from './schema'

/** The node in its type's newest version; the node itself where it is new enough, null where no way leads there. The one path for old params. */
export function migrateNode(node: GraphNode, catalogue: Catalogue): GraphNode | null {
  const definition = definitionOf(node, catalogue)
  if (!definition) return null
  if (node.version === definition.version || !definition.migrate) return node
  try {
    return { ...node, version: definition.version, params: definition.migrate(structuredClone(node.params), node.version) }
  } catch {
    return null
  }
}
