import { drawGraph, note, step } from './draw-graph'
import type { Template } from './template'

const sampleInput = {
  name: 'Ada Brook',
  company: 'Ocean Tools',
  email: 'ada@ocean-tools.example',
  message: 'We need a plan for 40 seats, urgently. Can we have a quote today?',
}

function message(key: string, title: string, row: number, channel: string) {
  return step(key, 'http.request', title, [4, row], {
    method: 'POST',
    url: '{{ run.baseUrl }}/practice/messages',
    bodyMode: 'fields',
    bodyFields: [
      { name: 'channel', value: channel },
      { name: 'text', value: '{{ trigger.name }} of {{ trigger.company }}: {{ steps.triage.answer.reason }}' },
    ],
  })
}

export const leadTriage: Template = {
  slug: 'lead-triage',
  name: 'Lead triage by an agent',
  summary: 'An agent looks up the company behind a new lead, says how promising it is and why, and the right people are told.',
  description: `The agent reads the lead, calls *Look up the company* as its tool, and answers with a priority, a team and a reason in a fixed shape, so that the steps behind it can decide. Each of its turns is a recorded step.

It starts with the **practice model**, which needs no key and answers by simple visible rules. **To make it yours:** choose a provider and a model in *Assess the lead*, and point the tool at your CRM.`,
  category: 'leads',
  shows: ['Agent with a tool', 'An answer in a fixed shape', 'Several ways out'],
  sampleInput,
  graph: drawGraph(
    [
      note(
        'about',
        '**The practice model**\nanswers by rules you can read in the docs: “urgently” makes a lead high. Choose a real model when you like what you see.',
        [0, -1.4],
        {
          width: 340,
          height: 120,
        },
      ),
      step('lead', 'trigger.manual', 'New lead', [0, 0], { sample: sampleInput }),
      step('triage', 'ai.agent', 'Assess the lead', [1, 0], {
        model: 'practice',
        instructions: 'You assess sales leads. Look the company up before you answer. Say how promising the lead is and give one reason.',
        input: 'Lead of the company {{ trigger.company }}: {{ trigger.message }}',
        responseSchema: {
          type: 'object',
          required: ['priority', 'team', 'reason'],
          properties: {
            priority: { enum: ['high', 'medium', 'low'] },
            team: { enum: ['sales', 'support'] },
            reason: { type: 'string' },
          },
        },
        maxTurns: 4,
      }),
      step('company_lookup', 'http.request', 'Look up the company', [1, 1.3], {
        url: '{{ run.baseUrl }}/practice/companies',
        query: { name: "{{ $ai('company', 'Name of the company to look up', 'text') }}" },
      }),
      step('result', 'data.set', 'Put it together', [2, 0], {
        keep: 'only-set',
        fields: [
          { name: 'lead', value: '{{ trigger.name }}' },
          { name: 'company', value: '{{ trigger.company }}' },
          { name: 'priority', value: '{{ input.answer.priority }}' },
          { name: 'team', value: '{{ input.answer.team }}' },
        ],
      }),
      step('route', 'flow.switch', 'How promising?', [3, 0], {
        cases: [
          { port: 'high', combine: 'all', conditions: [{ left: '{{ input.priority }}', operator: 'equals', right: 'high' }] },
          { port: 'medium', combine: 'all', conditions: [{ left: '{{ input.priority }}', operator: 'equals', right: 'medium' }] },
        ],
      }),
      message('call', 'Ask sales to call', -0.8, 'sales'),
      message('follow_up', 'Plan a follow-up', 0.2, 'sales-later'),
      message('newsletter', 'Add to the newsletter', 1.2, 'newsletter'),
    ],
    [
      'lead -> triage -> result -> route',
      'company_lookup => triage',
      'route.high -> call',
      'route.medium -> follow_up',
      'route.otherwise -> newsletter',
    ],
  ),
}
