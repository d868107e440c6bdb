import { drawGraph, note, step } from './draw-graph'
import type { Template } from './template'

const sampleInput = {
  title: 'Our new desk lamp',
  author: 'Maya',
  text: 'The new lamp is great and easy to use. It works with every socket, and customers love it.',
}

export const contentReview: Template = {
  slug: 'content-review',
  name: 'Content review with approval',
  summary: 'A model reads a text before anyone else does; an editor then decides with its remarks beside the text.',
  description: `The model says how risky the text is and why. An editor sees text and remarks on one page and decides within a day; undecided texts go back to the author with a reminder instead of being published.

It starts with the **practice model**. **To make it yours:** choose a model in *Read it first*, name the editors in *Let an editor decide*, and point *Publish it* at your site.`,
  category: 'content',
  shows: ['A model helps, a person decides', 'A time limit with its own way out', 'Markdown for the reader'],
  sampleInput,
  graph: drawGraph(
    [
      note('about', '**Three ways out**\nApproved, declined, and nobody decided in time. The model only advises.', [0, -1.4], {
        width: 320,
        height: 90,
      }),
      step('text', 'trigger.manual', 'Text is handed in', [0, 0], { sample: sampleInput }),
      step('read', 'ai.model', 'Read it first', [1, 0], {
        model: 'practice',
        instructions: 'You check texts before they are published. Say how risky publishing is and give one reason.',
        prompt: '{{ trigger.text }}',
        answer: 'json',
        schema: {
          type: 'object',
          required: ['risk', 'reason'],
          properties: { risk: { enum: ['low', 'medium', 'high'] }, reason: { type: 'string' } },
        },
      }),
      step('decide', 'people.approval', 'Let an editor decide', [2, 0], {
        title: 'Publish “{{ trigger.title }}”?',
        description: '{{ trigger.text }}',
        facts: [
          { name: 'Author', value: '{{ trigger.author }}' },
          { name: 'Risk', value: '{{ input.answer.risk }}' },
          { name: 'Why', value: '{{ input.answer.reason }}' },
        ],
        dueInMs: 86_400_000,
        onTimeout: 'timeout',
      }),
      step('publish', 'http.request', 'Publish it', [3, -1], {
        method: 'POST',
        url: '{{ run.baseUrl }}/practice/echo',
        bodyMode: 'fields',
        bodyFields: [
          { name: 'title', value: '{{ trigger.title }}' },
          { name: 'text', value: '{{ trigger.text }}' },
        ],
      }),
      step('return', 'http.request', 'Give it back', [3, 0], {
        method: 'POST',
        url: '{{ run.baseUrl }}/practice/messages',
        bodyMode: 'fields',
        bodyFields: [
          { name: 'to', value: '{{ trigger.author }}' },
          { name: 'text', value: 'Not yet: {{ input.comment }}' },
        ],
      }),
      step('remind', 'http.request', 'Remind the editors', [3, 1], {
        method: 'POST',
        url: '{{ run.baseUrl }}/practice/messages',
        bodyMode: 'fields',
        bodyFields: [
          { name: 'to', value: 'editors' },
          { name: 'text', value: 'Nobody decided on “{{ trigger.title }}” within a day.' },
        ],
      }),
    ],
    ['text -> read -> decide', 'decide.approved -> publish', 'decide.declined -> return', 'decide.timeout -> remind'],
  ),
}
