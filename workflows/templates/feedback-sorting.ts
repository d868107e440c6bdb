import { drawGraph, note, step } from './draw-graph'
import type { Template } from './template'

const sampleInput = { from: 'ada@example.com', text: 'The app crashes when I open the invoice page. Please fix this bug.' }

function send(key: string, title: string, row: number, channel: string) {
  return step(key, 'http.request', title, [3, row], {
    method: 'POST',
    url: '{{ run.baseUrl }}/practice/messages',
    bodyMode: 'fields',
    bodyFields: [
      { name: 'channel', value: channel },
      { name: 'text', value: '{{ trigger.text }}' },
    ],
  })
}

export const feedbackSorting: Template = {
  slug: 'feedback-sorting',
  name: 'Feedback sorting',
  summary: 'Reads what customers write, says what it is about and how they feel, and brings it to the right team.',
  description: `A model reads each message and fills in two fields: what it is about, and the mood. A switch sends it on; whatever fits nowhere goes to support.

It starts with the **practice model**. **To make it yours:** start it with a webhook from your mailbox or form, choose a model, and change the categories in *Read it* and *What is it about?* alike.`,
  category: 'feedback',
  shows: ['A model that fills in fields', 'Switch with a rest', 'Ways that meet again'],
  sampleInput,
  graph: drawGraph(
    [
      note(
        'about',
        '**Categories stand twice**\nin the schema of *Read it*, so the model knows them, and in the switch, which acts on them.',
        [1, -2.2],
        {
          width: 320,
          height: 100,
        },
      ),
      step('feedback', 'trigger.manual', 'Feedback arrives', [0, 0], { sample: sampleInput }),
      step('read', 'ai.model', 'Read it', [1, 0], {
        model: 'practice',
        instructions: 'You sort customer feedback.',
        prompt: '{{ trigger.text }}',
        answer: 'json',
        schema: {
          type: 'object',
          required: ['category', 'mood'],
          properties: {
            category: { enum: ['bug', 'feature', 'billing', 'praise', 'other'] },
            mood: { enum: ['positive', 'neutral', 'negative'] },
          },
        },
      }),
      step('about_what', 'flow.switch', 'What is it about?', [2, 0], {
        cases: ['bug', 'feature', 'billing'].map((category) => ({
          port: category,
          combine: 'all',
          conditions: [{ left: '{{ input.answer.category }}', operator: 'equals', right: category }],
        })),
      }),
      send('engineering', 'Tell engineering', -1.5, 'engineering'),
      send('product', 'Tell product', -0.5, 'product'),
      send('finance', 'Tell finance', 0.5, 'finance'),
      send('support', 'Tell support', 1.5, 'support'),
      step('sorted', 'data.set', 'Note where it went', [4, 0], {
        keep: 'only-set',
        fields: [
          { name: 'category', value: '{{ steps.read.answer.category }}' },
          { name: 'mood', value: '{{ steps.read.answer.mood }}' },
          { name: 'sentTo', value: '{{ input.body.received.channel }}' },
        ],
      }),
    ],
    [
      'feedback -> read -> about_what',
      'about_what.bug -> engineering -> sorted',
      'about_what.feature -> product -> sorted',
      'about_what.billing -> finance -> sorted',
      'about_what.otherwise -> support -> sorted',
    ],
  ),
}
