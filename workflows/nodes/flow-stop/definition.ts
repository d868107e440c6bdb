import { z } from 'zod'
import { phrase } from '../../words/spoken'
import { defineControl } from '../define'
import { shortenExpressions, textOf, textParam, valueParam } from '../params'

const isFailure = { param: 'end', is: ['fail'] } as const

export const flowStop = defineControl({
  type: 'flow.stop',
  version: 1,
  control: 'stop',
  title: 'Stop',
  summary: 'End the run here: as failed, with a message that says why, or as done.',
  category: 'flow',
  icon: 'octagon-x',
  keywords: ['fail', 'error', 'throw', 'abort', 'end', 'finish', 'return', 'early', 'done'],
  ports: { in: ['main'], out: [] },
  params: z.object({
    end: z.enum(['fail', 'succeed']).default('fail'),
    message: textParam.default(''),
    class: z.enum(['business', 'bad_data']).default('business'),
    output: valueParam.optional(),
  }),
  form: {
    end: {
      label: 'End the run',
      widget: 'select',
      options: [
        { value: 'fail', label: 'As failed' },
        { value: 'succeed', label: 'As done' },
      ],
      literal: true,
    },
    message: {
      label: 'Message',
      widget: 'textarea',
      help: 'Shown on the run and in its dead letter.',
      example: 'Order {{ input.orderId }} has no customer',
      showIf: isFailure,
    },
    class: {
      label: 'Kind of error',
      widget: 'select',
      options: [
        { value: 'business', label: 'A rule of ours was not met' },
        { value: 'bad_data', label: 'The data is wrong' },
      ],
      showIf: isFailure,
      literal: true,
    },
    output: {
      label: 'Output of the run',
      widget: 'expression',
      help: 'Left empty, the input of this step.',
      example: '{{ steps.check.result }}',
      showIf: { param: 'end', is: ['succeed'] },
    },
  },
  subtitle: (params) => {
    if (params.end === 'succeed') return phrase`As done`
    return shortenExpressions(textOf(params.message)) || phrase`No message yet`
  },
  check: (params) =>
    params.end !== 'succeed' && textOf(params.message).trim() === ''
      ? [{ pointer: '/params/message', code: 'param.required', message: 'Say why the run stops.' }]
      : [],
})
