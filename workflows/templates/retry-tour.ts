import { drawGraph, note, step } from './draw-graph'
import type { Template } from './template'

const sampleInput = { lastStatus: 503 }

export const retryTour: Template = {
  slug: 'retry-tour',
  name: 'Retry and dead-letter tour',
  summary: 'Fails on purpose in three ways: one heals by itself, one takes another way, one waits for you.',
  description: `1. *Heals by itself* fails twice and succeeds at the third try; you see each try and when the next one comes.
2. *Takes another way* always fails and leaves by its **error** port, so the run goes on.
3. *Waits for you* fails for good: the run fails and opens a **dead letter**.

Open the dead letter and choose **Resolve by running again** from the failed step with the input \`{ "lastStatus": 200 }\`: the earlier steps are reused and the new run succeeds.`,
  category: 'learning',
  shows: ['Retries with back-off', 'The error port', 'Dead letter and running again'],
  sampleInput,
  graph: drawGraph(
    [
      note(
        'about',
        '**Nothing here is broken**\nThe practice page answers with the failure it is asked for. The last step asks for `lastStatus` of the input, 503 where there is none.',
        [0, -1.5],
        { width: 360, height: 120 },
      ),
      step('start', 'trigger.manual', 'Start the tour', [0, 0], { sample: sampleInput }),
      step(
        'heals',
        'http.request',
        'Heals by itself',
        [1, 0],
        { url: '{{ run.baseUrl }}/practice/flaky', query: { key: '{{ run.id }}', fails: '2' } },
        {
          retry: {
            attempts: 4,
            backoff: 'exponential',
            delayMs: 500,
            maxDelayMs: 4_000,
            jitter: 0,
            on: ['transient', 'rate_limited', 'timeout'],
          },
        },
      ),
      step(
        'another_way',
        'http.request',
        'Takes another way',
        [2, 0],
        { url: '{{ run.baseUrl }}/practice/status', query: { code: '404' } },
        { onError: 'port' },
      ),
      step('found', 'data.set', 'It was there after all', [3, -0.6], { fields: [{ name: 'found', value: true }], keep: 'only-set' }),
      step('handled', 'data.set', 'Go on without it', [3, 0.6], {
        keep: 'only-set',
        fields: [
          { name: 'found', value: false },
          { name: 'because', value: '{{ input.error.message }}' },
        ],
      }),
      step(
        'waits',
        'http.request',
        'Waits for you',
        [4, 0],
        { url: '{{ run.baseUrl }}/practice/status', query: { code: '{{ trigger.lastStatus ?? 503 }}' } },
        {
          retry: {
            attempts: 2,
            backoff: 'fixed',
            delayMs: 1_000,
            maxDelayMs: 1_000,
            jitter: 0,
            on: ['transient', 'rate_limited', 'timeout'],
          },
        },
      ),
      step('done', 'data.set', 'The tour is over', [5, 0], { keep: 'only-set', fields: [{ name: 'status', value: '{{ input.status }}' }] }),
    ],
    ['start -> heals -> another_way', 'another_way -> found -> waits', 'another_way.error -> handled -> waits', 'waits -> done'],
  ),
}
