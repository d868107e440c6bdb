import { z } from 'zod'
import { phrase } from '../../words/spoken'
import { defineTrigger } from '../define'

export const triggerManual = defineTrigger({
  type: 'trigger.manual',
  version: 1,
  title: 'By hand',
  summary: 'Start the workflow with a button, from the API or from another system, with any input.',
  category: 'trigger',
  byHand: true,
  icon: 'mouse-pointer-click',
  keywords: ['manual', 'button', 'start', 'api', 'test'],
  ports: { in: [], out: ['main'] },
  params: z.object({
    sample: z.json().optional(),
  }),
  form: {
    sample: {
      label: 'Sample input',
      widget: 'json',
      help: 'Filled in when someone starts the workflow by hand, and used for previews until there was a run.',
      example: '{ "orderId": 20418 }',
      literal: true,
    },
  },
  subtitle: () => phrase`By hand or the API`,
})
