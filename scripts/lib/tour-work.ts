import type { Graph, GraphNode, Json } from '@/workflows/graph/schema'
import { definitions } from '@/workflows/nodes/catalogue'
import type { NodeDefinition } from '@/workflows/nodes/define'
import { drawGraph, note, step } from '@/workflows/templates/draw-graph'
import type { Millrace } from '../../tests/support/millrace-client'

/** Addresses of what the tour shows beside the pages: drafts with data in them, names nobody planned for, runs with loops and sub-runs. */
export interface TourWork {
  types: string
  tested: string
  long: string
  asks: string
  loopRun: string
  longRun: string
  parentRun: string
}

export async function makeTourWork(api: Millrace, base: string): Promise<TourWork> {
  const create = async (name: string, graph: Graph) => (await api.workflows.create.mutate({ name, graph: graph as unknown as Json })).id
  const publish = async (workflowId: string, words: string) => api.workflows.publish.mutate({ workflowId, note: words })
  const run = async (workflowId: string, input: Json) => (await api.runs.start.mutate({ workflowId, input, waitSeconds: 20 })).runId

  const types = await create('Every node type', graphOfAllTypes())

  const tested = await create('Warehouse orders', testedGraph())
  await api.drafts.pin.mutate({ workflowId: tested, nodeId: 'hook_000', output: delivery as never })
  for (const nodeId of ['fails_00', 'each_000']) await api.drafts.testNode.mutate({ workflowId: tested, nodeId, mode: 'upTo' })

  const long = await create(longName, longGraph())
  const { versionId } = await publish(long, `${longName}. ${longName}.`)
  await api.workflows.tag.mutate({ workflowId: long, versionId, name: 'agreed-with-finance-and-the-warehouse' })
  const longRun = await run(long, { country: 'NL' })

  const asks = await create('Credit note', asksGraph())
  await publish(asks, 'First version.')

  const loop = await create('Stock count', loopGraph())
  await publish(loop, '')
  const loopRun = await run(loop, { lines: Array.from({ length: 300 }, (_, n) => ({ n, sku: `OAK-${1_000 + n}` })) })

  const child = await create('Charge a card', childGraph())
  await publish(child, '')
  const parent = await create('Checkout', parentGraph(child))
  await publish(parent, '')
  const parentRun = await run(parent, { total: 1_290 })

  return {
    types: `${base}/workflows/${types}`,
    tested: `${base}/workflows/${tested}`,
    long: `${base}/workflows/${long}`,
    asks: `${base}/workflows/${asks}`,
    loopRun: `${base}/runs/${loopRun}`,
    longRun: `${base}/runs/${longRun}`,
    parentRun: `${base}/runs/${parentRun}`,
  }
}

const all = definitions as readonly NodeDefinition[]

/** Every type once, and once more switched off, with a name that is too long. */
function graphOfAllTypes(): Graph {
  const nodes = all.flatMap((definition, index) =>
    [false, true].map((off) => ({
      id: idOfType(definition.type, off),
      key: `type_${index}${off ? '_off' : ''}`,
      title: off ? `${definition.title} with a name that is longer than any card has room for` : definition.title,
      type: definition.type,
      version: definition.version,
      params: off ? {} : ((definition.examples?.[0]?.params ?? {}) as Record<string, Json>),
      settings: {
        onError: off ? ('port' as const) : ('fail' as const),
        atMostOnce: false,
        disabled: off && definition.kind !== 'note',
        note: '',
      },
      position: { x: (index % 6) * 540 + (off ? 260 : 0), y: Math.floor(index / 6) * 190 },
      ...(definition.kind === 'note' ? { size: { width: 208, height: 84 } } : {}),
    })),
  )
  return { schema: 1, nodes, edges: [] }
}

function idOfType(type: string, off = false) {
  const index = all.findIndex((definition) => definition.type === type)
  return `type${off ? 'off' : 'on_'}${String(index).padStart(3, '0')}`
}

/** The fewest types, found one after the other, whose settings show every widget there is. */
export function typesOfEveryWidget(): { type: string; nodeId: string }[] {
  const widgetsOf = (definition: NodeDefinition) =>
    Object.values(definition.form as Record<string, { widget?: string }>).flatMap(({ widget }) => (widget ? [widget] : []))
  const left = new Set(all.flatMap(widgetsOf))
  const chosen: { type: string; nodeId: string }[] = []
  while (left.size > 0) {
    const news = (definition: NodeDefinition) => new Set(widgetsOf(definition).filter((widget) => left.has(widget))).size
    const best = all.reduce((most, one) => (news(one) > news(most) ? one : most))
    for (const widget of widgetsOf(best)) left.delete(widget)
    chosen.push({ type: best.type, nodeId: idOfType(best.type) })
  }
  return chosen
}

const delivery = {
  method: 'POST',
  path: '/',
  query: { source: 'shop' },
  headers: { 'content-type': 'application/json' },
  body: {
    orderId: 20_418,
    customer: { name: 'Harbour Fittings', country: 'NL', email: 'buying.department@harbour-fittings-and-marine-supplies.example' },
    total: 12_480.5,
    express: false,
    voucher: null,
    lines: Array.from({ length: 300 }, (_, n) => ({
      sku: `OAK-${1_000 + n}`,
      name: n === 1 ? 'Oak shelf, 118 cm, oiled, with brackets and screws for walls of brick, wood and plasterboard' : `Oak shelf ${n}`,
      quantity: (n % 7) + 1,
      price: 129.5 + n,
      express: n % 2 === 0,
    })),
  },
  deliveryId: 'tour',
}

const set = (name: string, value: string) => ({ fields: [{ name, value }] })
const inside = (node: GraphNode, parent: string, x: number, y: number): GraphNode => ({ ...node, parent, position: { x, y } })

function testedGraph(): Graph {
  return drawGraph(
    [
      step('hook_000', 'trigger.webhook', 'Order came in', [0, 0]),
      step('prepare0', 'data.set', 'Prepare', [1, 0], {
        fields: [
          { name: 'greeting', value: 'Order {{ input.body.orderId }} of {{ input.body.customer.name }}' },
          { name: 'total', value: '{{ input.body.total * 1.21 }}' },
          { name: 'missing', value: '{{ input.body.custmer?.name }}' },
          { name: 'lines', value: '{{ input.body.lines }}' },
        ],
      }),
      step('send_000', 'http.request', 'Reserve stock', [2, 0], {
        method: 'POST',
        url: '{{ run.baseUrl }}/practice/messages',
        bodyMode: 'fields',
        bodyFields: [{ name: 'text', value: '{{ steps.prepare0.greeting }}' }],
      }),
      step('fails_00', 'code.javascript', 'Check the books', [3, 0], {
        source: 'throw new Error("The books are closed for order " + input.body.text)',
      }),
      step('after_00', 'data.set', 'Write to the books', [4, 0], set('seen', '{{ input.total }}')),
      {
        ...step('each_000', 'flow.for_each', 'Each line', [1, 1.4], { items: '{{ input.body.lines }}' }),
        size: { width: 560, height: 200 },
      },
      inside(step('weigh_00', 'data.set', 'Weigh', [0, 0], set('weight', '{{ item.quantity * 2 }}')), 'each_000', 300, 280),
      inside(step('label_00', 'data.set', 'Label', [0, 0], set('label', '{{ item.sku }}')), 'each_000', 568, 280),
      note('remark00', '**Ask Li** before the limits change.', [4, 1.4], { width: 208, height: 84 }),
    ],
    ['hook_000 -> prepare0 -> send_000 -> fails_00 -> after_00', 'hook_000 -> each_000', 'weigh_00 -> label_00'],
  )
}

const longName = 'Order intake for the Benelux with a credit check, stock in three warehouses and an answer'

function longGraph(): Graph {
  const emoji = '📦🧾'.repeat(30)
  const field = 'the_name_of_the_customer_as_it_stands_in_the_register_of_the_chamber_of_commerce'
  return drawGraph(
    [
      step('begin_00', 'trigger.manual', `Start ${longName}`, [0, 0], { sample: { country: 'NL' } }),
      step('case_000', 'flow.switch', `Which of the regions of ${longName}`, [1, 0], {
        mode: 'rules',
        cases: [
          'Belgium, the Netherlands and Luxembourg together with their territories overseas',
          'Donaudampfschifffahrtsgesellschaft',
        ].map((port) => ({ port, combine: 'all', conditions: [{ left: '{{ input.country }}', operator: 'equals', right: 'NL' }] })),
      }),
      step('emoji_00', 'data.set', emoji, [2, -0.4], { fields: [{ name: field, value: `{{ steps.case_000.country }} ${longName}` }] }),
      step('unbroken', 'data.set', 'Rechtsschutzversicherungsgesellschaften'.repeat(3), [3, -0.4], set(field, field.repeat(4))),
      step('other_00', 'data.set', longName, [2, 1], set('a', 'b')),
      note('remark00', `# ${longName}\n\n${'Donaudampfschifffahrtsgesellschaft'.repeat(3)}`, [0, 1.2], { width: 208, height: 112 }),
    ],
    [
      'begin_00 -> case_000',
      'case_000.Belgium, the Netherlands and Luxembourg together with their territories overseas -> emoji_00 -> unbroken',
      'case_000.otherwise -> other_00',
    ],
  )
}

/** Asks whoever starts it for its input, each kind of field once. */
function asksGraph(): Graph {
  return {
    ...drawGraph(
      [
        step('begin_00', 'trigger.manual', 'Start', [0, 0]),
        step('writes00', 'data.set', 'Write the credit note', [1, 0], set('note', '{{ input.order }}')),
      ],
      ['begin_00 -> writes00'],
    ),
    settings: {
      input: {
        type: 'object',
        required: ['order'],
        properties: {
          order: { type: 'integer', title: 'Order', description: 'As it stands on the invoice.' },
          reason: { enum: ['Broken', 'Late', 'Not ordered'], title: 'Reason' },
          email: { type: 'string', format: 'email', title: 'Mail of the customer' },
          day: { type: 'string', format: 'date', title: 'Day' },
          whole: { type: 'boolean', title: 'All lines' },
        },
      },
    },
  }
}

/** Of 300 items one fails and is left out; the step behind the loop fails for good. */
function loopGraph(): Graph {
  const once = { retry: { attempts: 1, backoff: 'fixed', delayMs: 100, maxDelayMs: 100, jitter: 0, on: ['transient'] } } as const
  return drawGraph(
    [
      step('begin_00', 'trigger.manual', 'Start', [0, 0]),
      {
        ...step('loop_000', 'flow.for_each', 'For each order line', [1, 0], { items: '{{ input.lines }}', onItemError: 'skip' }),
        size: { width: 560, height: 200 },
      },
      inside(
        step(
          'reserve0',
          'code.javascript',
          'Reserve stock',
          [0, 0],
          { source: 'if (input.n === 17) throw new Error("sold out"); return { n: input.n, sku: input.sku }' },
          { retry: { ...once.retry, on: [...once.retry.on] } },
        ),
        'loop_000',
        300,
        80,
      ),
      inside(step('record00', 'data.set', 'Record line', [0, 0], set('line', '{{ input.sku }}')), 'loop_000', 568, 80),
      step(
        'books_00',
        'http.request',
        'Write to the books',
        [4, 0],
        { url: '{{ run.baseUrl }}/practice/status', query: { code: '401' } },
        { retry: { ...once.retry, on: [...once.retry.on] } },
      ),
      step('after_00', 'data.set', 'Tell sales', [5, 0], set('count', '{{ input.length }}')),
    ],
    ['begin_00 -> loop_000 -> books_00 -> after_00', 'reserve0 -> record00'],
  )
}

function childGraph(): Graph {
  return drawGraph(
    [
      step('begin_00', 'trigger.sub_workflow', 'Called', [0, 0]),
      step('shape_00', 'data.set', 'Charge', [1, 0], set('paid', '{{ input.total }}')),
    ],
    ['begin_00 -> shape_00'],
  )
}

function parentGraph(child: string): Graph {
  return drawGraph(
    [
      step('begin_00', 'trigger.manual', 'Start', [0, 0]),
      step('charge00', 'flow.sub_workflow', 'Charge the card', [1, 0], { workflow: child }),
      step('after_00', 'data.set', 'Send the receipt', [2, 0], set('sent', 'yes')),
    ],
    ['begin_00 -> charge00 -> after_00'],
  )
}
