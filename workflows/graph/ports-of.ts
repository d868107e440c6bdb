import type { NodeDefinition } from '../nodes/define'
import type { GraphNode } from './schema'

export interface NodePorts {
  in: readonly string[]
  out: readonly string[]
}

const none: NodePorts = { in: [], out: [] }

/**
 * Every port an edge may use: those of the definition, the ones that depend on parameters, `error` where the node's settings ask
 * for it, `tool` where an agent may be given this node, `tools` on an agent.
 */
export function portsOf(node: Pick<GraphNode, 'params' | 'settings'>, definition: NodeDefinition): NodePorts {
  if (definition.kind === 'note') return none
  const ways = [...waysOut(node, definition)]
  if (node.settings.onError === 'port' && !ways.includes('error')) ways.push('error')
  if (definition.tool && !ways.includes('tool')) ways.push('tool')
  const ins = definition.kind === 'trigger' ? [] : [...definition.ports.in]
  if (definition.kind === 'control' && definition.control === 'agent' && !ins.includes('tools')) ins.push('tools')
  return { in: ins, out: ways }
}

function waysOut(node: Pick<GraphNode, 'params'>, definition: NodeDefinition): readonly string[] {
  const { out } = definition.ports
  if (typeof out !== 'function') return out
  try {
    return [...new Set(out(node.params))]
  } catch {
    // Half-edited parameters: the form shows what is wrong with them, the canvas still needs a way out.
    return ['main']
  }
}
