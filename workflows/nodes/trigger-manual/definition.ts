import { z } from 'zod'
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
    inputSchema: z.json().optional(),
  }),
  form: {
    sample: {
      label: 'Sample input',
      widget: 'json',
      help: 'Filled in when someone starts the workflow by hand, and used for previews until there was a run.',
      example: '{ "orderId": 20418 }',
      literal: true,
    },
    inputSchema: {
      label: 'Shape of the input',
      widget: 'json-schema',
      help: 'Input that does not have this shape is refused before a run starts.',
      example: '{ "type": "object", "required": ["orderId"] }',
      advanced: true,
      literal: true,
    },
  },
  subtitle: () => 'Started with a button or the API',
})
