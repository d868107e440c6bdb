import { z } from 'zod'
import { limits } from '../../limits'
import { phrase } from '../../words/spoken'
import { combineSchema, conditionsSchema, describeConditions } from '../conditions'
import { defineControl } from '../define'
import { durationInWords } from '../flow-wait/duration-in-words'
import { numberParam } from '../params'

export const flowRepeat = defineControl({
  type: 'flow.repeat',
  version: 1,
  control: 'repeat',
  title: 'Repeat',
  summary: 'Run the steps inside again and again, while or until conditions hold.',
  category: 'flow',
  icon: 'repeat',
  keywords: ['loop', 'while', 'until', 'poll', 'check', 'again', 'pages'],
  ports: { in: ['main'], out: ['main'] },
  body: { ports: [], gives: ['index'] },
  perRound: ['conditions', 'pauseMs'],
  params: z.object({
    mode: z.enum(['until', 'while']).default('until'),
    conditions: conditionsSchema.default([]),
    combine: combineSchema,
    check: z.enum(['after', 'before']).default('after'),
    pauseMs: numberParam({ min: 0, max: limits.runWaitMs }).default(0),
    limit: numberParam({ min: 1, max: limits.repeatRounds, whole: true }).default(100),
    onLimit: z.enum(['fail', 'go-on']).default('fail'),
  }),
  form: {
    mode: {
      label: 'Repeat',
      widget: 'select',
      options: [
        { value: 'until', label: 'Until it holds' },
        { value: 'while', label: 'While it holds' },
      ],
      literal: true,
    },
    conditions: {
      label: 'Conditions',
      widget: 'conditions',
      help: 'Here input is what the last round gave, and index the number of rounds so far.',
      example: 'input.status is equal to ready',
    },
    combine: {
      label: 'Conditions that must hold',
      widget: 'select',
      options: [
        { value: 'all', label: 'All of them' },
        { value: 'any', label: 'Any of them' },
      ],
      literal: true,
    },
    check: {
      label: 'Look at them',
      widget: 'select',
      options: [
        { value: 'after', label: 'After each round' },
        { value: 'before', label: 'Before the first round too' },
      ],
      literal: true,
    },
    pauseMs: { label: 'Pause between rounds', widget: 'duration', help: 'The run waits and costs nothing meanwhile.', example: '1 min' },
    limit: { label: 'Rounds at most', widget: 'number', help: `${limits.repeatRounds} at most.` },
    onLimit: {
      label: 'After that many rounds',
      widget: 'select',
      options: [
        { value: 'fail', label: 'Fail' },
        { value: 'go-on', label: 'Go on with the last result' },
      ],
      literal: true,
    },
  },
  subtitle: (params) => {
    const conditions = describeConditions(params.conditions, params.combine) || phrase`no condition yet`
    const words = params.mode === 'while' ? phrase`While ${conditions}` : phrase`Until ${conditions}`
    return typeof params.pauseMs === 'number' && params.pauseMs > 0 ? phrase`${words}, every ${durationInWords(params.pauseMs)}` : words
  },
  check: (params) =>
    Array.isArray(params.conditions) && params.conditions.length > 0
      ? []
      : [{ pointer: '/params/conditions', code: 'param.required', message: 'Add a condition, or nobody knows when it is done.' }],
})
