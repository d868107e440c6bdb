import type { Graph } from '../workflows/graph/schema'
import { drawGraph, step } from '../workflows/templates/draw-graph'

/** Webhook, set, if, respond. */
export function hookShape(): Graph {
  return drawGraph(
    [
      step('hook', 'trigger.webhook', 'Order', [0, 0], { respond: 'respond-node' }),
      step('sum', 'data.set', 'Sum', [1, 0], {
        keep: 'only-set',
        fields: [
          { name: 'order', value: '{{ input.body.order }}' },
          { name: 'total', value: '{{ input.body.price * input.body.quantity }}' },
        ],
      }),
      step('large', 'flow.if', 'Large?', [2, 0], { conditions: [{ left: '{{ input.total }}', operator: 'greater', right: '100' }] }),
      step('answer', 'http.respond', 'Answer', [3, 0], { status: 200, body: { order: '{{ input.order }}', total: '{{ input.total }}' } }),
    ],
    ['hook -> sum -> large', 'large.true -> answer', 'large.false -> answer'],
  )
}

/** A manual trigger and `length` nodes of one kind in a row. */
export function chain(kind: 'set' | 'code', length: number): Graph {
  const names = Array.from({ length }, (_, index) => `step_${index + 1}`)
  return drawGraph(
    [
      step('start', 'trigger.manual', 'Start', [0, 0]),
      ...names.map((name, index) =>
        kind === 'set'
          ? step(name, 'data.set', name, [index + 1, 0], { fields: [{ name: 'n', value: '{{ (input.n ?? 0) + 1 }}' }] })
          : step(name, 'code.javascript', name, [index + 1, 0], { source: 'return { n: (input.n ?? 0) + 1 }' }),
      ),
    ],
    [['start', ...names].join(' -> ')],
  )
}
