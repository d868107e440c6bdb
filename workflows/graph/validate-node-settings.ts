import type { NodeDefinition } from '../nodes/define'
import { part } from '../words/part'
import { bodyOf } from './body-edges'
import { portsOf } from './ports-of'
import { repeatsOf } from './repeats-of'
import type { GraphNode, Problem } from './schema'

/** Settings that a node of this kind cannot have, or that say nothing as they stand. */
export function validateNodeSettings(node: GraphNode, definition: NodeDefinition, forgotten: ReadonlySet<string>): Problem[] {
  const { each, runIf, cache, sensitive } = node.settings
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
  const idle = callSettingIn(node)
  if (idle !== null && !isIdle && !mayCall(definition)) {
    const message = `“${node.title}” calls nothing by itself, so its tries, its time-out and “at most once” change nothing. Set them on steps that do.`
    add('setting.no_effect', idle, message, 'warning')
  }
  if (cache) {
    const against = reasonAgainstCache(node, definition)
    if (against) add('setting.not_here', '/cache', `The result of “${node.title}” cannot be kept for later runs: ${against}`)
    else if (sensitive)
      add(
        'setting.not_here',
        '/cache',
        `The values of “${node.title}” are not to be kept, so its result cannot be kept for later runs either.`,
      )
    else if (forgotten.has(node.id))
      add(
        'setting.forgotten',
        '/cache',
        `What “${node.title}” gives is not kept for later runs, because a step before it or around it is marked as sensitive.`,
        'warning',
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

/** What leaves the run: an effect, an agent, another run. */
function mayCall(definition: NodeDefinition): boolean {
  return definition.kind === 'effect' || (definition.kind === 'control' && ['agent', 'child'].includes(definition.control))
}

/** The first of its settings that are about a call; null where none is. */
function callSettingIn({ settings }: GraphNode): string | null {
  if (settings.retry && settings.retry.attempts > 1) return '/retry'
  if (settings.timeoutMs !== undefined) return '/timeoutMs'
  return settings.atMostOnce ? '/atMostOnce' : null
}

/** Why a later run must not take over what this node gave; null where it may. */
export function reasonAgainstCache(node: Pick<GraphNode, 'params'>, definition: NodeDefinition): string | null {
  if (definition.kind === 'trigger' || definition.kind === 'note') return part`it is no step.`
  if (definition.kind === 'control') return part`it steers the run, or does something each time.`
  if (definition.kind === 'pure') return part`it computes at once from what comes in, so there is nothing to save.`
  const repeats = repeatsOf(definition, node.params)
  return repeats === null || repeats === 'read' ? null : part`it changes something outside, which would be left out.`
}

function reasonAgainstEach(node: GraphNode, definition: NodeDefinition): string | null {
  if (definition.kind === 'trigger' || definition.kind === 'note') return part`it is no step.`
  if (bodyOf(definition)) return part`it holds other steps. Put it into a “For each”.`
  if (definition.kind === 'control' && ['respond', 'stop'].includes(definition.control))
    return part`it ends something once. Put it into a “For each”.`
  if (definition.kind === 'control' && definition.control === 'callback')
    return part`no step could be told the address of an item. Put it into a “For each”, with the step that hands it out.`
  const { out } = portsOf({ ...node, settings: { ...node.settings, onError: 'fail' } }, definition)
  const ways = out.filter((port) => port !== 'error' && port !== 'tool')
  return ways.length > 1 ? part`it has several ways out. Put it into a “For each”.` : null
}
