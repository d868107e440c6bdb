import { z } from 'zod'
import { sampleOfSchema } from '../../graph/json-schema/sample-of-schema'
import { schemaProblems } from '../../graph/json-schema/schema-problems'
import type { Json } from '../../graph/schema'
import { limits } from '../../limits'
import { phrase } from '../../words/spoken'
import { defineControl } from '../define'
import { durationInWords } from '../flow-wait/duration-in-words'
import { fieldsParam, numberParam, shortenExpressions, textOf, textParam } from '../params'

const approved = { decision: 'approved', comment: '', by: { id: 'usr_01', name: 'Maya' }, at: '2026-11-23T08:00:00.000Z' }

export const peopleApproval = defineControl({
  type: 'people.approval',
  version: 1,
  control: 'approval',
  title: 'Approval',
  summary: 'Ask a person to decide; the run waits until they did.',
  category: 'people',
  icon: 'user-check',
  keywords: ['approve', 'decline', 'human', 'review', 'decision', 'task', 'sign off', 'ask', 'confirm', 'manager', 'permission', 'allow'],
  ports: {
    in: ['main'],
    out: (params) => (params.onTimeout === 'timeout' ? ['approved', 'declined', 'timeout'] : ['approved', 'declined']),
  },
  params: z.object({
    title: textParam.pipe(z.string().trim().min(1, 'Say in a few words what is to be decided.').max(200)),
    description: textParam.pipe(z.string().max(limits.descriptionLength)).default(''),
    facts: fieldsParam.default([]),
    assignees: z.array(z.string()).max(50).default([]),
    dueInMs: numberParam({ min: 60_000, max: limits.runWaitMs }).optional(),
    onTimeout: z.enum(['declined', 'timeout']).default('declined'),
    needed: z.enum(['any', 'all', 'number']).default('any'),
    neededCount: numberParam({ min: 1, max: 50, whole: true }).default(2),
    form: z.json().optional(),
    remindEveryMs: numberParam({ min: 60_000, max: limits.runWaitMs }).optional(),
    escalateAfterMs: numberParam({ min: 60_000, max: limits.runWaitMs }).optional(),
    escalateTo: z.array(z.string()).max(50).default([]),
  }),
  form: {
    title: { label: 'What is to be decided', widget: 'text', example: 'Approve order {{ input.orderId }}?' },
    description: {
      label: 'Description',
      widget: 'textarea',
      help: 'What the person needs to know. Markdown works.',
      example: 'The order is over the credit limit of this customer.',
    },
    facts: { label: 'Facts', widget: 'fields', help: 'Shown as a small table above the buttons.', example: 'Total = {{ input.total }}' },
    assignees: {
      label: 'Who may decide',
      widget: 'people',
      help: 'Left empty, everyone who may decide tasks in this project.',
      literal: true,
    },
    needed: {
      label: 'Who has to approve',
      widget: 'select',
      options: [
        { value: 'any', label: 'One of them' },
        { value: 'all', label: 'All of them' },
        { value: 'number', label: 'Some of them' },
      ],
      help: 'It is declined as soon as it cannot be approved any more.',
      literal: true,
    },
    neededCount: { label: 'How many', widget: 'number', example: '2', showIf: { param: 'needed', is: ['number'] } },
    form: {
      label: 'To be filled in',
      widget: 'json-schema',
      help: 'JSON Schema of what whoever approves fills in. Its values are in the output.',
      example: '{ "type": "object", "properties": { "budget": { "type": "number" } }, "required": ["budget"] }',
      advanced: true,
      literal: true,
    },
    remindEveryMs: {
      label: 'Remind every',
      widget: 'duration',
      help: 'As long as it is open. Reminders go where the alerts of the organization go, and stand on the task.',
      example: '1 day',
      advanced: true,
    },
    escalateAfterMs: {
      label: 'Ask others after',
      widget: 'duration',
      help: 'When it is still open then, these people may decide it too.',
      example: '4 hours',
      advanced: true,
    },
    escalateTo: { label: 'Others to ask', widget: 'people', advanced: true, literal: true },
    dueInMs: { label: 'Decide within', widget: 'duration', help: 'Left empty, it waits 30 days.', example: '1 day' },
    onTimeout: {
      label: 'When nobody decided in time',
      widget: 'select',
      options: [
        { value: 'declined', label: 'Go out by "declined"' },
        { value: 'timeout', label: 'Go out by a way of its own' },
      ],
      advanced: true,
      literal: true,
    },
  },
  examples: [
    {
      title: 'Approve a large order within a day',
      params: {
        title: 'Approve order {{ input.orderId }}?',
        description: 'The order is over the credit limit of this customer.',
        facts: [{ name: 'Total', value: '{{ input.total }}' }],
        dueInMs: 86_400_000,
      },
    },
    {
      title: 'Remind twice a day and ask others after two',
      help: 'Choose who may decide and who is asked later.',
      params: { title: 'Approve the invoice of {{ input.supplier }}?', remindEveryMs: 43_200_000, escalateAfterMs: 172_800_000 },
    },
  ],
  outside: () => 'asks',
  subtitle: (params) => {
    const due = typeof params.dueInMs === 'number' ? phrase`within ${durationInWords(params.dueInMs)}` : ''
    return [shortenExpressions(textOf(params.title)), due].filter(Boolean).join(' · ') || phrase`Nothing to decide yet`
  },
  check: (params) => [
    ...schemaProblems(params.form as Json | undefined).map(({ pointer, message }) => ({
      pointer: `/params/form${pointer}`,
      code: 'schema.invalid',
      message,
    })),
    ...(params.needed === 'all' && !(Array.isArray(params.assignees) && params.assignees.length > 0)
      ? [{ pointer: '/params/assignees', code: 'param.required', message: 'Say who all have to approve.' }]
      : []),
  ],
  sample: approved,
  sampleFor: ({ form }) => {
    const values = sampleOfSchema(form)
    return values === undefined ? undefined : { ...approved, values }
  },
})
