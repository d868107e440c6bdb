import { z } from 'zod'
import { limits } from '../../limits'
import { defineControl } from '../define'
import { durationInWords } from '../flow-wait/duration-in-words'
import { fieldsParam, numberParam, shortenExpressions, textOf, textParam } from '../params'

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
  ],
  outside: () => 'asks',
  subtitle: (params) => {
    const due = typeof params.dueInMs === 'number' ? `within ${durationInWords(params.dueInMs)}` : ''
    return [shortenExpressions(textOf(params.title)), due].filter(Boolean).join(' · ') || 'Nothing to decide yet'
  },
  sample: { decision: 'approved', comment: '', by: { id: 'usr_01', name: 'Maya' }, at: '2026-11-23T08:00:00.000Z' },
})
