import { z } from 'zod'
import { tagRule, versionTag } from '../../graph/version-tag'
import { phrase } from '../../words/spoken'
import { defineControl } from '../define'
import { numberParam } from '../params'
import { callOf } from './call-of'

export const flowSubWorkflow = defineControl({
  type: 'flow.sub_workflow',
  version: 1,
  control: 'child',
  title: 'Sub-workflow',
  summary: 'Run another workflow and go on with its output.',
  category: 'flow',
  icon: 'workflow',
  keywords: ['call', 'execute workflow', 'child', 'nested', 'reuse', 'subflow'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    workflow: z
      .string()
      .regex(/^(wf_[0-9a-f]{32})?$/, 'Choose a workflow from the list.')
      .default(''),
    input: z.json().optional(),
    version: z.enum(['live', 'tag', 'number']).default('live'),
    versionTag: z.string().regex(versionTag, tagRule).optional(),
    versionNumber: numberParam({ min: 1, max: 1_000_000, whole: true }).optional(),
    wait: z.boolean().default(true),
  }),
  form: {
    workflow: {
      label: 'Workflow',
      widget: 'workflow',
      help: 'It needs the trigger “Called by a workflow”; in the same project, “By hand” does too.',
      literal: true,
    },
    input: {
      label: 'Input',
      widget: 'workflow-input',
      help: 'What it starts with. Left empty, it gets what came in here.',
      example: '{ "orderId": "{{ input.orderId }}" }',
    },
    wait: {
      label: 'Wait for its end',
      widget: 'toggle',
      help: 'Switched off, this run goes on at once with the id of the other run.',
      literal: true,
    },
    version: {
      label: 'Version',
      widget: 'select',
      options: [
        { value: 'live', label: 'The one that is live' },
        { value: 'tag', label: 'The one with a tag' },
        { value: 'number', label: 'A certain version' },
      ],
      advanced: true,
      literal: true,
    },
    versionTag: {
      label: 'Tag',
      widget: 'text',
      help: 'Versions get tags in the version history.',
      example: 'staging',
      showIf: { param: 'version', is: ['tag'] },
      advanced: true,
      literal: true,
    },
    versionNumber: {
      label: 'Version number',
      widget: 'number',
      example: '3',
      showIf: { param: 'version', is: ['number'] },
      advanced: true,
      literal: true,
    },
  },
  subtitle: (params) => {
    const version =
      params.version === 'number' && typeof params.versionNumber === 'number'
        ? phrase`Version ${params.versionNumber}`
        : params.version === 'tag' && typeof params.versionTag === 'string'
          ? phrase`Version “${params.versionTag}”`
          : ''
    const words = params.workflow
      ? [version, params.wait === false ? phrase`Goes on at once` : phrase`Waits for its end`]
      : [phrase`No workflow chosen yet`]
    return words.filter(Boolean).join(' · ')
  },
  calls: callOf,
  check: (params) => [
    ...(params.workflow ? [] : [{ pointer: '/params/workflow', code: 'param.required', message: 'Choose the workflow that is run.' }]),
    ...(params.version === 'number' && params.versionNumber === undefined
      ? [{ pointer: '/params/versionNumber', code: 'param.required', message: 'Say which version is run.' }]
      : []),
    ...(params.version === 'tag' && !params.versionTag
      ? [{ pointer: '/params/versionTag', code: 'param.required', message: 'Say which tag is run.' }]
      : []),
  ],
})
