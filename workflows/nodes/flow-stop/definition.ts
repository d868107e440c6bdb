import { z } from 'zod'
import { defineControl } from '../define'
import { shortenExpressions, textOf, textParam } from '../params'

export const flowStop = defineControl({
  type: 'flow.stop',
  version: 1,
  control: 'stop',
  title: 'Stop with error',
  summary: 'End the run as failed, with a message that says why.',
  category: 'flow',
  icon: 'octagon-x',
  keywords: ['fail', 'error', 'throw', 'abort', 'end'],
  ports: { in: ['main'], out: [] },
  params: z.object({
    message: textParam.pipe(z.string().trim().min(1, 'Say why the run stops.')),
    class: z.enum(['business', 'bad_data']).default('business'),
  }),
  form: {
    message: {
      label: 'Message',
      widget: 'textarea',
      help: 'Shown on the run and in its dead letter.',
      example: 'Order {{ input.orderId }} has no customer',
    },
    class: {
      label: 'Kind of error',
      widget: 'select',
      options: [
        { value: 'business', label: 'A rule of ours was not met' },
        { value: 'bad_data', label: 'The data is wrong' },
      ],
      literal: true,
    },
  },
  examples: [
    {
      title: 'Stop when the customer is missing',
      params: { message: 'Order {{ input.orderId }} has no customer', class: 'bad_data' },
    },
  ],
  subtitle: (params) => shortenExpressions(textOf(params.message)) || 'No message yet',
})
