import { z } from 'zod'
import { sampleOfSchema } from '../../graph/json-schema/sample-of-schema'
import { phrase } from '../../words/spoken'
import { defineEffect } from '../define'
import { credentialParam, numberParam, textOf, textParam } from '../params'

export const aiModel = defineEffect({
  type: 'ai.model',
  version: 1,
  title: 'Ask a model',
  summary: 'Send one prompt to a language model and go on with its answer.',
  category: 'ai',
  queue: 'agents',
  icon: 'sparkles',
  keywords: [
    'llm',
    'gpt',
    'prompt',
    'classify',
    'summarize',
    'extract',
    'openai',
    'claude',
    'gemini',
    'ollama',
    'translate',
    'write',
    'text',
    'answer',
    'sentiment',
  ],
  ports: { in: ['main'], out: ['main'] },
  tool: true,
  timeoutMs: 120_000,
  retry: { attempts: 3 },
  params: z.object({
    credential: credentialParam,
    model: z.string().trim().min(1, 'Choose a model.').max(200).default('practice'),
    instructions: textParam.default(''),
    prompt: textParam.pipe(z.string().trim().min(1, 'Write the prompt.')),
    answer: z.enum(['text', 'json']).default('text'),
    schema: z.json().optional(),
    temperature: numberParam({ min: 0, max: 2 }).optional(),
    maxOutputTokens: numberParam({ min: 1, max: 200_000, whole: true }).default(2_000),
  }),
  form: {
    credential: {
      label: 'Provider',
      widget: 'credential',
      credentialTypes: ['model.openai'],
      help: 'Not needed for the practice model.',
      literal: true,
    },
    model: {
      label: 'Model',
      widget: 'model',
      help: 'The practice model needs no key: it answers by simple visible rules, so you can try the workflow first.',
      literal: true,
    },
    instructions: {
      label: 'Instructions',
      widget: 'textarea',
      help: 'Who the model is and how it answers.',
      example: 'You sort customer feedback. Be brief.',
    },
    prompt: { label: 'Prompt', widget: 'textarea', example: 'Which product is this about? {{ input.text }}' },
    answer: {
      label: 'Answer',
      widget: 'select',
      options: [
        { value: 'text', label: 'Text' },
        { value: 'json', label: 'Fields, by a JSON schema' },
      ],
      literal: true,
    },
    schema: {
      label: 'Schema of the answer',
      widget: 'json-schema',
      example: '{ "type": "object", "properties": { "category": { "type": "string" } } }',
      showIf: { param: 'answer', is: ['json'] },
      literal: true,
    },
    temperature: { label: 'Temperature', widget: 'number', help: '0 is steady, 1 is lively.', example: '0.2', advanced: true },
    maxOutputTokens: { label: 'Longest answer in tokens', widget: 'number', advanced: true },
  },
  examples: [
    {
      title: 'Sort a message into a kind',
      help: 'The answer has one field, so a switch can decide by it.',
      params: {
        instructions: 'You sort customer feedback. Be brief.',
        prompt: 'Is this a question, a complaint or praise? {{ input.text }}',
        answer: 'json',
        schema: { type: 'object', properties: { kind: { enum: ['question', 'complaint', 'praise'] } }, required: ['kind'] },
      },
    },
    {
      title: 'Sum a text up',
      params: { instructions: 'You write for busy readers.', prompt: 'Sum this up in two sentences: {{ input.text }}', answer: 'text' },
    },
  ],
  subtitle: (params) => `${modelName(params.model)} · ${params.answer === 'json' ? phrase`fields` : phrase`text`}`,
  outside: (params) => (isPractice(params.model) ? null : 'pays'),
  check: (params) => [
    ...checkModel(params.model, params.credential),
    ...(params.answer === 'json' && !params.schema
      ? [{ pointer: '/params/schema', code: 'param.required', message: 'Say with a JSON schema which fields the answer has.' }]
      : []),
  ],
  sample: { answer: 'The model’s answer' },
  sampleFor: ({ answer, schema }) => {
    const fields = answer === 'json' ? sampleOfSchema(schema) : undefined
    return fields === undefined ? undefined : { answer: fields }
  },
})

export function isPractice(model: unknown): boolean {
  return typeof model !== 'string' || model === '' || model === 'practice'
}

export function modelName(model: unknown): string {
  const name = typeof model === 'string' ? model : ''
  return name === '' || name === 'practice' ? phrase`Practice model` : textOf(name)
}

export function checkModel(model: unknown, credential: unknown): { pointer: string; code: string; message: string }[] {
  if (typeof model !== 'string' || model === '' || model === 'practice' || credential) return []
  return [{ pointer: '/params/credential', code: 'param.required', message: `Choose the provider that ${model} is asked from.` }]
}
