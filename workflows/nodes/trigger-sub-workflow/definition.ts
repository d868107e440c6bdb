import { z } from 'zod'
import { sampleOfSchema } from '../../graph/json-schema/sample-of-schema'
import { schemaProblems } from '../../graph/json-schema/schema-problems'
import type { Json } from '../../graph/schema'
import { phrase } from '../../words/spoken'
import { defineTrigger } from '../define'

export const triggerSubWorkflow = defineTrigger({
  type: 'trigger.sub_workflow',
  version: 1,
  title: 'Called by a workflow',
  summary: 'Start when another workflow calls this one, with the input that is agreed here.',
  category: 'trigger',
  icon: 'workflow',
  keywords: ['sub-workflow', 'child', 'call', 'execute', 'reuse', 'input'],
  ports: { in: [], out: ['main'] },
  params: z.object({
    input: z.json().optional(),
    callers: z.enum(['project', 'organization']).default('project'),
  }),
  form: {
    input: {
      label: 'Input it takes',
      widget: 'json-schema',
      help: 'JSON Schema. A call with an input that does not fit fails at once and says why. Left empty, any input is taken.',
      example: '{ "type": "object", "properties": { "customerId": { "type": "string" } }, "required": ["customerId"] }',
      literal: true,
    },
    callers: {
      label: 'Who may call it',
      widget: 'select',
      options: [
        { value: 'project', label: 'Workflows of the same project' },
        { value: 'organization', label: 'Workflows of the whole organization' },
      ],
      literal: true,
    },
  },
  sampleFor: ({ input }) => sampleOfSchema(input),
  subtitle: (params) => (params.callers === 'organization' ? phrase`From any project` : phrase`From the same project`),
  check: (params) =>
    schemaProblems(params.input as Json | undefined).map(({ pointer, message }) => ({
      pointer: `/params/input${pointer}`,
      code: 'schema.invalid',
      message,
    })),
})
