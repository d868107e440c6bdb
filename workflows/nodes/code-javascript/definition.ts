import { z } from 'zod'
import { limits } from '../../limits'
import { phrase } from '../../words/spoken'
import { foreignNames } from '../code-hints'
import { defineEffect } from '../define'
import { textOf } from '../params'

export const codeJavascript = defineEffect({
  type: 'code.javascript',
  version: 1,
  title: 'Code',
  summary: 'Compute something with a few lines of JavaScript, in a sandbox without network.',
  category: 'code',
  icon: 'code-xml',
  keywords: ['javascript', 'js', 'script', 'function', 'compute', 'program'],
  ports: { in: ['main'], out: ['main'] },
  tool: true,
  timeoutMs: limits.codeMs,
  safe: () => true,
  computes: true,
  retry: { attempts: 1 },
  params: z.object({
    source: z.string().max(100_000).default('return input'),
    values: z.record(z.string(), z.json()).default({}),
  }),
  form: {
    source: {
      label: 'Code',
      widget: 'code-javascript',
      help: 'Read input, trigger, vars and values; return what goes on. console.log writes to the step’s log.',
      example: 'return { total: input.lines.reduce((sum, line) => sum + line.price, 0) }',
      literal: true,
    },
    values: {
      label: 'Values',
      widget: 'key-values',
      help: 'What else the code may read, as values.<name>. An agent that has this step as a tool fills in the values left to it.',
      example: 'rate = {{ vars.rate }}',
    },
  },
  examples: [
    {
      title: 'Add the lines up',
      params: { source: 'return {\n  total: input.lines.reduce((sum, line) => sum + line.quantity * line.price, 0),\n}' },
    },
    {
      title: 'Group a list by a field',
      params: {
        source: 'const groups = {}\nfor (const order of input.orders) (groups[order.country] ??= []).push(order)\nreturn groups',
      },
    },
  ],
  check: (params) =>
    foreignNames(textOf(params.source)).map(({ name, hint }) => ({
      pointer: '/params/source',
      code: 'code.unknown_name',
      severity: 'warning' as const,
      message: `Code does not know ${name}. ${hint}`,
    })),
  subtitle: (params) => {
    const lines = textOf(params.source).split('\n')
    const first = lines.find((line) => line.trim() !== '')?.trim() ?? 'return input'
    return lines.length > 1 ? phrase`${lines.length} lines of JavaScript` : first
  },
})
