import { z } from 'zod'
import { limits } from '../../limits'
import { phrase } from '../../words/spoken'
import { defineControl } from '../define'
import { durationInWords } from '../flow-wait/duration-in-words'
import { numberParam } from '../params'

export const flowWaitCallback = defineControl({
  type: 'flow.wait_callback',
  version: 1,
  control: 'callback',
  title: 'Wait for a callback',
  summary: 'Pause the run until another system calls an address that this run gave it.',
  category: 'flow',
  icon: 'phone-incoming',
  keywords: ['callback', 'resume', 'webhook', 'url', 'async'],
  ports: { in: ['main'], out: (params) => (params.onTimeout === 'timeout' ? ['main', 'timeout'] : ['main']) },
  params: z.object({
    withinMs: numberParam({ min: 1_000, max: limits.runWaitMs }).default(86_400_000),
    onTimeout: z.enum(['fail', 'timeout']).default('fail'),
  }),
  form: {
    withinMs: { label: 'Wait at most', widget: 'duration', help: '30 days at most.', example: '1 day' },
    onTimeout: {
      label: 'When nobody called in time',
      widget: 'select',
      options: [
        { value: 'fail', label: 'The step fails' },
        { value: 'timeout', label: 'Go out by a way of its own' },
      ],
      literal: true,
    },
  },
  subtitle: (params) => {
    const within = params.withinMs ?? 86_400_000
    return typeof within === 'number' ? phrase`At most ${durationInWords(within)}` : phrase`For some time`
  },
  sample: { status: 'done' },
})
