import { z } from 'zod'
import { limits } from '../../limits'
import { phrase } from '../../words/spoken'
import { defineControl } from '../define'
import { durationInWords } from '../flow-wait/duration-in-words'
import { numberParam, shortenExpressions, textOf, textParam } from '../params'

export const flowWaitEvent = defineControl({
  type: 'flow.wait_event',
  version: 1,
  control: 'event',
  title: 'Wait for an event',
  summary: 'Pause the run until an event with this name and key is sent to the organization.',
  category: 'flow',
  icon: 'radio',
  keywords: ['event', 'message', 'signal', 'correlation', 'key', 'resume'],
  ports: { in: ['main'], out: (params) => (params.onTimeout === 'timeout' ? ['main', 'timeout'] : ['main']) },
  params: z.object({
    name: textParam.pipe(z.string().trim().min(1, 'Say which event it waits for.').max(limits.nameLength)),
    key: textParam.pipe(z.string().trim().min(1, 'Say by which key it knows its event.').max(500)),
    withinMs: numberParam({ min: 1_000, max: limits.runWaitMs }).default(86_400_000),
    onTimeout: z.enum(['fail', 'timeout']).default('fail'),
  }),
  form: {
    name: { label: 'Event', widget: 'text', example: 'payment.received' },
    key: { label: 'Key', widget: 'text', help: 'Tells this run’s event from those of others.', example: '{{ input.orderId }}' },
    withinMs: { label: 'Wait at most', widget: 'duration', help: '30 days at most.', example: '1 day' },
    onTimeout: {
      label: 'When it did not come in time',
      widget: 'select',
      options: [
        { value: 'fail', label: 'The step fails' },
        { value: 'timeout', label: 'Go out by a way of its own' },
      ],
      literal: true,
    },
  },
  subtitle: (params) => {
    const within = typeof params.withinMs === 'number' ? phrase`at most ${durationInWords(params.withinMs)}` : ''
    const name = [shortenExpressions(textOf(params.name)), shortenExpressions(textOf(params.key))].filter(Boolean).join(' ')
    return [name, within].filter(Boolean).join(' · ') || phrase`No event named yet`
  },
  sample: { name: 'payment.received', key: '20418', data: { amount: 12480 }, at: '2026-11-23T08:00:00.000Z' },
})
