import { drawGraph, note, step } from './draw-graph'
import type { Template } from './template'

const body = { orderId: 20_418, customer: 'Northwind', sku: 'LAMP-01', quantity: 2 }

export const orderIntake: Template = {
  slug: 'order-intake',
  name: 'Order intake with stock check',
  summary: 'Takes orders over a webhook, looks at the stock and answers with an order number or with what is missing.',
  description: `A shop sends its orders to the webhook. The workflow asks the warehouse how many are there, works out the total, and either places the order or says that there is not enough. **Respond** sends the answer back to the shop while it waits.

**To make it yours:** put your warehouse's address into *Ask the warehouse* and your order system's into *Place the order*, and choose a credential for each.`,
  category: 'orders',
  shows: ['Webhook that answers', 'HTTP request', 'A decision with two ways out'],
  sampleInput: {
    method: 'POST',
    path: '/',
    query: {},
    headers: { 'content-type': 'application/json' },
    body,
    deliveryId: 'order-20418',
  },
  graph: drawGraph(
    [
      note(
        'about',
        '**Try it**\nRun it with the sample order, then with the sku `DESK-02`, which is sold out.\n\nThe warehouse and the order system are practice services of this instance.',
        [0, -1.4],
        { width: 340, height: 140 },
      ),
      step('order', 'trigger.webhook', 'Order comes in', [0, 0], { method: 'POST', respond: 'respond-node' }),
      step('stock', 'http.request', 'Ask the warehouse', [1, 0], { url: '{{ run.baseUrl }}/practice/stock/{{ trigger.body.sku }}' }),
      step('total', 'data.set', 'Work out the total', [2, 0], {
        keep: 'only-set',
        fields: [
          { name: 'orderId', value: '{{ trigger.body.orderId }}' },
          { name: 'article', value: '{{ input.body.name }}' },
          { name: 'available', value: '{{ input.body.available }}' },
          { name: 'total', value: '{{ input.body.priceCents * trigger.body.quantity / 100 }}' },
        ],
      }),
      step('enough', 'flow.if', 'Enough in stock?', [3, 0], {
        conditions: [{ left: '{{ input.available }}', operator: 'greater_or_equal', right: '{{ trigger.body.quantity }}' }],
      }),
      step('place', 'http.request', 'Place the order', [4, -0.5], {
        method: 'POST',
        url: '{{ run.baseUrl }}/practice/orders',
        bodyMode: 'fields',
        bodyFields: [
          { name: 'sku', value: '{{ trigger.body.sku }}' },
          { name: 'quantity', value: '{{ trigger.body.quantity }}' },
          { name: 'customer', value: '{{ trigger.body.customer }}' },
          { name: 'total', value: '{{ steps.total.total }}' },
        ],
      }),
      step('confirm', 'http.respond', 'Confirm the order', [5, -0.5], {
        status: 201,
        body: { orderNumber: '{{ steps.place.body.id }}', total: '{{ steps.total.total }}', status: 'confirmed' },
      }),
      step('sold_out', 'http.respond', 'Say that it is sold out', [4, 0.5], {
        status: 409,
        body: { status: 'sold_out', message: 'Only {{ input.available }} of {{ input.article }} left.' },
      }),
    ],
    ['order -> stock -> total -> enough', 'enough.true -> place -> confirm', 'enough.false -> sold_out'],
  ),
}
