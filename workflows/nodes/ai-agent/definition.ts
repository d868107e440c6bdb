import { z } from 'zod'
import { sampleOfSchema } from '../../graph/json-schema/sample-of-schema'
import { limits } from '../../limits'
import { phrase } from '../../words/spoken'
import { checkModel, isPractice, modelName } from '../ai-model/definition'
import { defineControl } from '../define'
import { credentialParam, numberParam, textParam } from '../params'
import { someCurrency } from '../some-currency'

export const aiAgent = defineControl({
  type: 'ai.agent',
  version: 1,
  control: 'agent',
  title: 'Agent',
  summary: 'Give a language model a task and tools; it works in turns until it has an answer.',
  category: 'ai',
  queue: 'agents',
  icon: 'bot',
  keywords: ['llm', 'tools', 'assistant', 'gpt', 'openai', 'claude', 'autonomous'],
  ports: { in: ['main', 'tools'], out: ['main'] },
  params: z.object({
    credential: credentialParam,
    model: z.string().trim().min(1, 'Choose a model.').max(200).default('practice'),
    instructions: textParam.default(''),
    input: z.json().optional(),
    responseSchema: z.json().optional(),
    temperature: numberParam({ min: 0, max: 2 }).optional(),
    maxOutputTokens: numberParam({ min: 1, max: 200_000, whole: true }).default(2_000),
    maxTurns: numberParam({ min: 1, max: limits.agentTurns, whole: true }).default(10),
    maxTokens: numberParam({ min: 1, max: limits.agentTokens, whole: true }).default(50_000),
    maxCostMicros: numberParam({ min: 0, max: 1_000_000_000, whole: true }).default(500_000),
    maxMs: numberParam({ min: 1_000, max: limits.agentMs, whole: true }).default(120_000),
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
      help: 'What the agent is there for, what it may decide, and how it answers.',
      example: 'You assess the credit risk of a company. Look the company up before you answer.',
    },
    input: {
      label: 'Task',
      widget: 'expression',
      help: 'What the agent works on. Left empty, the input.',
      example: 'Assess {{ input.company }}',
    },
    responseSchema: {
      label: 'Schema of the answer',
      widget: 'json-schema',
      help: 'Left empty, the answer is text.',
      example: '{ "type": "object", "properties": { "risk": { "enum": ["low", "high"] } } }',
      literal: true,
    },
    maxTurns: { label: 'Turns at most', widget: 'number', help: `Up to ${limits.agentTurns}. Checked before each call.` },
    maxCostMicros: {
      label: 'Money at most',
      widget: 'money',
      help: 'For one run. Checked before each call.',
    },
    maxTokens: { label: 'Tokens at most', widget: 'number', help: `Up to ${limits.agentTokens.toLocaleString('en-US')}.`, advanced: true },
    maxMs: { label: 'Time at most', widget: 'duration', help: '10 minutes at most.', advanced: true },
    maxOutputTokens: { label: 'Longest answer in tokens', widget: 'number', advanced: true },
    temperature: { label: 'Temperature', widget: 'number', help: '0 is steady, 1 is lively.', example: '0.2', advanced: true },
  },
  examples: [
    {
      title: 'Assess a company',
      help: 'Give it an HTTP request as a tool to look the company up with.',
      params: {
        instructions: 'You assess the credit risk of a company. Look the company up before you answer.',
        input: 'Assess {{ input.company }}',
        responseSchema: {
          type: 'object',
          properties: { risk: { enum: ['low', 'medium', 'high'] }, reason: { type: 'string' } },
          required: ['risk', 'reason'],
        },
      },
    },
  ],
  subtitle: (params) => {
    const micros = params.maxCostMicros ?? 500_000
    const money =
      typeof micros === 'number' && params.model && params.model !== 'practice'
        ? ` · ${phrase`≤ ${`${someCurrency}${(micros / 1_000_000).toFixed(2)}`} a run`}`
        : ''
    return `${modelName(params.model)}${money}`
  },
  outside: (params) => (isPractice(params.model) ? null : 'pays'),
  check: (params) => checkModel(params.model, params.credential),
  sample: { answer: 'The agent’s answer', turns: 2, toolCalls: 1 },
  sampleFor: ({ responseSchema }) => {
    const answer = sampleOfSchema(responseSchema)
    return answer === undefined ? undefined : { answer, turns: 2, toolCalls: 1 }
  },
})
