import { z } from 'zod'
import { defineEffect } from '../define'
import { intoField } from '../into-field'
import { listField } from '../list-field'
import { fieldPathParam, numberParam, optionLabel, textParam, valueParam } from '../params'

const kinds = [
  { value: 'uuid', label: 'A unique id (UUID)' },
  { value: 'number', label: 'A number' },
  { value: 'text', label: 'A text' },
  { value: 'pick', label: 'Some items of a list' },
  { value: 'shuffle', label: 'A list in any order' },
] as const

const letters = [
  { value: 'letters', label: 'Letters and digits' },
  { value: 'readable', label: 'Without 0, O, 1, l and I' },
  { value: 'digits', label: 'Digits' },
  { value: 'hex', label: 'Hexadecimal' },
] as const

/** An effect, so that what came out is recorded before anything uses it and a replay sees the same. */
export const dataRandom = defineEffect({
  type: 'data.random',
  version: 1,
  title: 'Random value',
  summary: 'Make a unique id, a random number or text, or draw from a list.',
  category: 'data',
  icon: 'dices',
  keywords: ['uuid', 'guid', 'id', 'random', 'password', 'code', 'sample', 'shuffle', 'lottery', 'token'],
  ports: { in: ['main'], out: ['main'] },
  timeoutMs: 5_000,
  safe: () => true,
  retry: { attempts: 1 },
  params: z.object({
    kind: z.enum(['uuid', 'number', 'text', 'pick', 'shuffle']).default('uuid'),
    list: valueParam.optional(),
    from: numberParam({ min: -9_000_000_000_000, max: 9_000_000_000_000 }).default(1),
    to: numberParam({ min: -9_000_000_000_000, max: 9_000_000_000_000 }).default(100),
    whole: z.boolean().default(true),
    length: numberParam({ min: 1, max: 1_000, whole: true }).default(16),
    letters: z.enum(['letters', 'readable', 'digits', 'hex']).default('letters'),
    prefix: textParam.default(''),
    count: numberParam({ min: 1, max: 100_000, whole: true }).default(1),
    into: fieldPathParam.default(''),
  }),
  form: {
    kind: { label: 'Make', widget: 'select', options: kinds, literal: true },
    list: { ...listField, showIf: { param: 'kind', is: ['pick', 'shuffle'] } },
    from: { label: 'From', widget: 'number', showIf: { param: 'kind', is: ['number'] } },
    to: { label: 'To', widget: 'number', help: 'Both ends may come out.', showIf: { param: 'kind', is: ['number'] } },
    whole: { label: 'Whole numbers', widget: 'toggle', showIf: { param: 'kind', is: ['number'] } },
    length: { label: 'Length', widget: 'number', showIf: { param: 'kind', is: ['text'] } },
    letters: { label: 'Made of', widget: 'select', options: letters, showIf: { param: 'kind', is: ['text'] }, literal: true },
    prefix: { label: 'Begins with', widget: 'text', example: 'order-', showIf: { param: 'kind', is: ['text', 'uuid'] }, advanced: true },
    count: { label: 'How many', widget: 'number', showIf: { param: 'kind', is: ['pick'] } },
    into: intoField,
  },
  subtitle: (params, form) => optionLabel(form.kind, params.kind ?? 'uuid'),
  check: (params) =>
    typeof params.from === 'number' && typeof params.to === 'number' && params.from > params.to
      ? [{ pointer: '/params/to', code: 'random.range', message: '"To" must not be smaller than "From".' }]
      : [],
  sample: '2f1c1f0e-7d5b-4a83-9a63-0d6a3a1b7c11',
})
