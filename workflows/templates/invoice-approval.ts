import { drawGraph, note, step } from './draw-graph'
import type { Template } from './template'

const sampleInput = { invoiceId: 'INV-3071', supplier: 'Paper House', amount: 2_480, currency: 'EUR', dueDate: '2026-12-15' }

export const invoiceApproval: Template = {
  slug: 'invoice-approval',
  name: 'Invoice approval',
  summary: 'Pays small invoices of known suppliers at once and asks a person about all others.',
  description: `Each invoice is checked against what is known of its supplier. Up to 1,000 from a known supplier it is paid without asking; otherwise somebody decides on a page with all the facts, within two days. The run waits meanwhile, also over restarts.

**To make it yours:** change the amount in *Needs a yes?*, choose who may decide in *Ask finance*, and point *Schedule the payment* at your books.`,
  category: 'invoices',
  shows: ['A person decides', 'Waiting for days', 'Two ways that meet again'],
  sampleInput,
  graph: drawGraph(
    [
      note(
        'about',
        '**Who decides**\nLeft open, everyone who may decide tasks sees it under Tasks.\n\nTry it with an amount of 300: nobody is asked.',
        [0, -1.4],
        {
          width: 340,
          height: 120,
        },
      ),
      step('invoice', 'trigger.manual', 'Invoice arrives', [0, 0], { sample: sampleInput }),
      step('supplier', 'http.request', 'Look up the supplier', [1, 0], {
        url: '{{ run.baseUrl }}/practice/suppliers',
        query: { name: '{{ trigger.supplier }}' },
      }),
      step('needs_yes', 'flow.if', 'Needs a yes?', [2, 0], {
        combine: 'any',
        conditions: [
          { left: '{{ trigger.amount }}', operator: 'greater', right: '1000' },
          { left: '{{ input.body.known }}', operator: 'is_false' },
        ],
      }),
      step('ask', 'people.approval', 'Ask finance', [3, -0.5], {
        title: 'Pay {{ trigger.invoiceId }} of {{ trigger.supplier }}?',
        description: 'The invoice is over 1,000 or its supplier is new.',
        facts: [
          { name: 'Supplier', value: '{{ trigger.supplier }}' },
          { name: 'Amount', value: '{{ trigger.amount }} {{ trigger.currency }}' },
          { name: 'Due', value: '{{ trigger.dueDate }}' },
          { name: 'Invoices paid so far', value: '{{ steps.supplier.body.paidInvoices }}' },
        ],
        dueInMs: 172_800_000,
      }),
      step(
        'pay',
        'http.request',
        'Schedule the payment',
        [4, 0.5],
        {
          method: 'POST',
          url: '{{ run.baseUrl }}/practice/payments',
          bodyMode: 'fields',
          bodyFields: [
            { name: 'invoiceId', value: '{{ trigger.invoiceId }}' },
            { name: 'amount', value: '{{ trigger.amount }}' },
            { name: 'iban', value: '{{ steps.supplier.body.iban }}' },
            { name: 'on', value: '{{ trigger.dueDate }}' },
          ],
        },
        { note: 'Sent with an idempotency key, so a repeat pays once.' },
      ),
      step('decline', 'http.request', 'Tell the supplier no', [4, -1], {
        method: 'POST',
        url: '{{ run.baseUrl }}/practice/messages',
        bodyMode: 'fields',
        bodyFields: [
          { name: 'to', value: '{{ trigger.supplier }}' },
          { name: 'text', value: 'We cannot pay {{ trigger.invoiceId }} yet. {{ input.comment }}' },
        ],
      }),
    ],
    [
      'invoice -> supplier -> needs_yes',
      'needs_yes.true -> ask',
      'ask.approved -> pay',
      'ask.declined -> decline',
      'needs_yes.false -> pay',
    ],
  ),
}
