import type { Graph, Json } from '../workflows/graph/schema'
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

const thousand = 'return Array.from({ length: 1000 }, (_, i) => ({ i }))'
const fib = 'const f = (n) => (n <= 1 ? n : f(n - 1) + f(n - 2));'

/** What a runner that compares servers calls, by name: `POST` with `{"n": 12, "id": "…"}`. */
export function comparedShapes(): Record<string, Graph> {
  const times = (count: number, make: (index: number) => Parameters<typeof line>[0][number]) =>
    Array.from({ length: count }, (_, n) => make(n))
  const set = (index: number) => ({ type: 'data.set' as const, params: { fields: [{ name: `k${index}`, value: `{{ ${index} + 1 }}` }] } })
  const code = (source: string) => ({ type: 'code.javascript' as const, params: { source } })
  return {
    hook: drawGraph(
      [
        step('hook', 'trigger.webhook', 'Webhook', [0, 0], { respond: 'respond-node' }),
        step('set', 'data.set', 'Set', [1, 0], { fields: [{ name: 'greeting', value: 'hello {{ input.body.id }}' }] }),
        step('large', 'flow.if', 'If', [2, 0], { conditions: [{ left: '{{ trigger.body.n }}', operator: 'greater', right: '10' }] }),
        step('big', 'http.respond', 'Big', [3, 0], { status: 200, body: { ok: true, big: true, greeting: '{{ input.greeting }}' } }),
        step('small', 'http.respond', 'Small', [3, 1], { status: 200, body: { ok: true, big: false } }),
      ],
      ['hook -> set -> large', 'large.true -> big', 'large.false -> small'],
    ),
    ack: line([{ type: 'data.set', params: { fields: [{ name: 'greeting', value: 'hello' }] } }], 'at-once'),
    chain10set: line(times(10, set)),
    chain10code: line(times(10, (index) => code(`return { ...input, k${index}: ${index} }`))),
    fib40: line(times(40, (index) => code(`${fib} return { step: ${index}, fib: f(10) }`))),
    fib33x10: line(times(10, (index) => code(`${fib} return { step: ${index}, fib: f(33) }`))),
    // A thousand items one at a time through a container, each a step of its own in the run's record.
    loop1000: drawGraph(
      [
        step('hook', 'trigger.webhook', 'Webhook', [0, 0], { respond: 'respond-node' }),
        step('make', 'code.javascript', 'Make items', [1, 0], { source: thousand }),
        step('loop', 'flow.for_each', 'Loop', [2, 0], { items: '{{ input }}' }),
        { ...step('body', 'data.set', 'Body', [0, 0], { fields: [{ name: 'double', value: '{{ item.i * 2 }}' }] }), parent: 'loop' },
        step('answer', 'http.respond', 'Answer', [3, 0], { status: 200, body: { ok: true, items: '{{ input.length }}' } }),
      ],
      ['hook -> make -> loop -> answer'],
    ),
    // The same items through one node.
    map1000: drawGraph(
      [
        step('hook', 'trigger.webhook', 'Webhook', [0, 0], { respond: 'respond-node' }),
        step('make', 'code.javascript', 'Make items', [1, 0], { source: thousand }),
        step('body', 'data.set', 'Body', [2, 0], {
          fields: [{ name: 'items', value: '{{ input.map(x => ({ ...x, double: x.i * 2 })) }}' }],
        }),
        step('answer', 'http.respond', 'Answer', [3, 0], { status: 200, body: { ok: true, items: '{{ input.items.length }}' } }),
      ],
      ['hook -> make -> body -> answer'],
    ),
  }
}

/** A webhook, these nodes in a row, and an answer. */
function line(
  nodes: { type: Parameters<typeof step>[1]; params: Record<string, Json> }[],
  respond: 'respond-node' | 'at-once' = 'respond-node',
): Graph {
  const names = nodes.map((_, index) => `step_${index + 1}`)
  const last = respond === 'at-once' ? [] : ['answer']
  return drawGraph(
    [
      step('hook', 'trigger.webhook', 'Webhook', [0, 0], { respond }),
      ...nodes.map(({ type, params }, index) => step(`step_${index + 1}`, type, `Step ${index + 1}`, [index + 1, 0], params)),
      ...last.map((name) =>
        step(name, 'http.respond', 'Answer', [nodes.length + 1, 0], { status: 200, body: { ok: true, steps: nodes.length } }),
      ),
    ],
    [['hook', ...names, ...last].join(' -> ')],
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

/** A manual trigger and `length` calls in a row: a GET only reads, a POST changes something. */
export function effects(length: number, url: string, params: { method: 'GET' | 'POST'; credential?: string }): Graph {
  const names = Array.from({ length }, (_, index) => `call_${index + 1}`)
  return drawGraph(
    [
      step('start', 'trigger.manual', 'Start', [0, 0]),
      ...names.map((name, index) => step(name, 'http.request', name, [index + 1, 0], { url: `${url}/${name}`, ...params })),
    ],
    [['start', ...names].join(' -> ')],
  )
}

/** A manual trigger and a container over as many items as its input says. */
export function loop(): Graph {
  return drawGraph(
    [
      step('start', 'trigger.manual', 'Start', [0, 0]),
      step('make', 'code.javascript', 'Make items', [1, 0], { source: 'return Array.from({ length: input.items }, (_, i) => ({ i }))' }),
      step('loop', 'flow.for_each', 'Loop', [2, 0], { items: '{{ input }}' }),
      { ...step('body', 'data.set', 'Body', [0, 0], { fields: [{ name: 'double', value: '{{ item.i * 2 }}' }] }), parent: 'loop' },
    ],
    ['start -> make -> loop'],
  )
}
