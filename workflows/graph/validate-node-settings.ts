import type { NodeDefinition } from '../nodes/define'
import { bodyOf } from './body-edges'
import { portsOf } from './ports-of'
import type { GraphNode, Problem } from './schema'

/** Settings that a node of this kind cannot have, or that say nothing as they stand. */
export function validateNodeSettings(node: GraphNode, definition: NodeDefinition): Problem[] {
  const { each, runIf } = node.settings
  const found: Problem[] = []
  const add = (code: string, pointer: string, message: string, severity: Problem['severity'] = 'error') =>
    found.push({ code, severity, nodeId: node.id, pointer: `/settings${pointer}`, message })
  const isIdle = definition.kind === 'trigger' || definition.kind === 'note'
  if (runIf !== undefined && isIdle) {
    add('setting.not_here', '/runIf', `“${node.title}” is no step that could be left out. Take its condition away.`)
  } else if (runIf !== undefined && !runIf.includes('{{')) {
    add(
      'setting.no_expression',
      '/runIf',
      `The condition of “${node.title}” is always the same. Write an expression, such as {{ input.total > 0 }}.`,
    )
  }
  if (!each) return found
  const reason = reasonAgainstEach(node, definition)
  if (reason) add('setting.not_here', '/each', `“${node.title}” cannot run for each item: ${reason}`)
  else if (!each.items.includes('{{')) {
    add('setting.no_expression', '/each/items', `The list of “${node.title}” is a text. Write an expression, such as {{ input.orders }}.`)
  }
  return found
}

function reasonAgainstEach(node: GraphNode, definition: NodeDefinition): string | null {
  if (definition.kind === 'trigger' || definition.kind === 'note') return 'it is no step.'
  if (bodyOf(definition)) return 'it holds other steps. Put it into a “For each”.'
  if (definition.kind === 'control' && ['respond', 'stop'].includes(definition.control))
    return 'it ends something once. Put it into a “For each”.'
  const { out } = portsOf({ ...node, settings: { ...node.settings, onError: 'fail' } }, definition)
  const ways = out.filter((port) => port !== 'error' && port !== 'tool')
  return ways.length > 1 ? 'it has several ways out. Put it into a “For each”.' : null
}
