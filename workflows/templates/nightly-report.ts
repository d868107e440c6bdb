import { drawGraph, note, step } from './draw-graph'
import type { Template } from './template'

export const nightlyReport: Template = {
  slug: 'nightly-report',
  name: 'Nightly report',
  summary: 'Collects the day’s orders each night, adds them up, has a model write a sentence on them and sends it.',
  description: `Orders are fetched, those that are paid are kept and added up. A model puts them into a sentence, and the report is sent.

It starts with the **practice model**. **To make it yours:** put your shop's address into *Get the orders*, choose a model in *Say it in a sentence*, and give the workflow a schedule such as every day at 23:30.`,
  category: 'reports',
  shows: ['Schedule', 'Filtering a list', 'Adding up a list', 'One question to a model'],
  sampleInput: { scheduledAt: '2026-11-20T22:30:00.000Z', scheduleId: 'sample', name: 'Every night', input: null },
  graph: drawGraph(
    [
      note('about', '**Figures first**\nThe model only words what was added up; it never does the sums.', [2, -1.3], {
        width: 320,
        height: 90,
      }),
      step('night', 'trigger.schedule', 'Every night', [0, -0.5], { note: 'Every day at 23:30' }),
      step('now', 'trigger.manual', 'Run it now', [0, 0.5], { sample: {} }),
      step('orders', 'http.request', 'Get the orders', [1, 0], { url: '{{ run.baseUrl }}/practice/orders' }),
      step('paid', 'data.filter', 'Keep what is paid', [2, 0], {
        list: '{{ input.body }}',
        conditions: [{ left: '{{ item.status }}', operator: 'equals', right: 'paid' }],
      }),
      step('figures', 'data.aggregate', 'Add them up', [3, 0], {
        results: [
          { operation: 'count', field: '', name: 'orders' },
          { operation: 'sum', field: 'total', name: 'revenue' },
          { operation: 'max', field: 'total', name: 'largest' },
        ],
      }),
      step('words', 'ai.model', 'Say it in a sentence', [4, 0], {
        model: 'practice',
        instructions: 'You write one friendly sentence about the day’s sales. Use the figures as they are.',
        prompt: '{{ input.orders }} paid orders, revenue {{ input.revenue }}, the largest {{ input.largest }}.',
      }),
      step('send', 'http.request', 'Send the report', [5, 0], {
        method: 'POST',
        url: '{{ run.baseUrl }}/practice/messages',
        bodyMode: 'fields',
        bodyFields: [
          { name: 'channel', value: 'sales' },
          { name: 'text', value: '{{ input.answer }}' },
          { name: 'figures', value: '{{ steps.figures }}' },
        ],
      }),
    ],
    ['night -> orders', 'now -> orders', 'orders -> paid -> figures -> words -> send'],
  ),
}
