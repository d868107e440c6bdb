import { drawGraph, note, step } from './draw-graph'
import type { Template } from './template'

const sampleInput = { code: 503 }

export const siteWatch: Template = {
  slug: 'site-watch',
  name: 'Site watch with alert',
  summary: 'Calls a page at set times and tells the team when it does not answer as it should.',
  description: `A schedule calls the page. Any answer below 400 counts as up; everything else, also a time-out, sends one alert with what was seen.

**To make it yours:** put the page's address into *Call the page*, and give the workflow a schedule, for example every five minutes.`,
  category: 'operations',
  shows: ['Schedule and by hand', 'A failure as a way out', 'Looking at a status'],
  sampleInput,
  graph: drawGraph(
    [
      note(
        'about',
        '**By hand or by the clock**\nBoth triggers lead to the same steps. By hand you choose the status that the practice page answers with.',
        [0, -1.7],
        {
          width: 340,
          height: 100,
        },
      ),
      step('clock', 'trigger.schedule', 'Every five minutes', [0, -0.5], { note: 'Every five minutes' }),
      step('by_hand', 'trigger.manual', 'Check now', [0, 0.5], { sample: sampleInput }),
      step(
        'page',
        'http.request',
        'Call the page',
        [1, 0],
        { url: '{{ run.baseUrl }}/practice/status', query: { code: '{{ trigger.code ?? 200 }}' }, acceptAnyStatus: true },
        {
          onError: 'port',
          timeoutMs: 10_000,
          retry: { attempts: 2, backoff: 'fixed', delayMs: 1_000, maxDelayMs: 1_000, jitter: 0, on: ['transient', 'timeout'] },
        },
      ),
      step('up', 'flow.if', 'Is it up?', [2, 0], {
        conditions: [{ left: '{{ input.status }}', operator: 'less', right: '400' }],
      }),
      step('fine', 'data.set', 'Note that all is well', [3, -0.6], {
        keep: 'only-set',
        fields: [
          { name: 'up', value: true },
          { name: 'status', value: '{{ steps.page.status }}' },
        ],
      }),
      step('alert', 'http.request', 'Alert the team', [3, 0.6], {
        method: 'POST',
        url: '{{ run.baseUrl }}/practice/messages',
        bodyMode: 'fields',
        bodyFields: [
          { name: 'channel', value: 'alerts' },
          { name: 'text', value: 'The page is down: {{ input.status ?? input.error.message }}' },
        ],
      }),
    ],
    ['clock -> page', 'by_hand -> page', 'page -> up', 'up.true -> fine', 'up.false -> alert', 'page.error -> alert'],
  ),
}
