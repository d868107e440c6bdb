import { z } from 'zod'
import { limits } from '../../limits'
import { phrase } from '../../words/spoken'
import { defineEffect } from '../define'
import { textOf } from '../params'

export const codePython = defineEffect({
  type: 'code.python',
  version: 1,
  title: 'Python',
  summary: 'Compute something with a few lines of Python, in a sandbox without network.',
  category: 'code',
  icon: 'square-code',
  keywords: ['py', 'script', 'function', 'compute', 'program', 'code', 'statistics'],
  ports: { in: ['main'], out: ['main'] },
  tool: true,
  timeoutMs: limits.codeMs,
  safe: () => true,
  queue: 'code',
  retry: { attempts: 1 },
  params: z.object({
    source: z.string().max(100_000).default('return input'),
    values: z.record(z.string(), z.json()).default({}),
  }),
  form: {
    source: {
      label: 'Code',
      widget: 'code-python',
      help: 'Read input, trigger, vars and values; return what goes on. print writes to the step’s log.',
      example: 'return {"total": sum(line["price"] for line in input["lines"])}',
      literal: true,
    },
    values: {
      label: 'Values',
      widget: 'key-values',
      help: 'What else the code may read, as values["name"]. An agent that has this step as a tool fills in the values left to it.',
      example: 'rate = {{ vars.rate }}',
    },
  },
  examples: [
    {
      title: 'Median and spread of a list',
      params: {
        source:
          'import statistics\nprices = [line["price"] for line in input["lines"]]\nreturn {\n  "median": statistics.median(prices),\n  "spread": statistics.pstdev(prices),\n}',
      },
    },
    {
      title: 'Texts that are nearly the same',
      params: {
        source:
          'import difflib\nreturn [\n  name for name in input["names"]\n  if difflib.SequenceMatcher(None, name.lower(), values["wanted"].lower()).ratio() > 0.8\n]',
        values: { wanted: '{{ trigger.name }}' },
      },
    },
  ],
  subtitle: (params) => {
    const lines = textOf(params.source).split('\n')
    const first = lines.find((line) => line.trim() !== '')?.trim() ?? 'return input'
    return lines.length > 1 ? phrase`${lines.length} lines of Python` : first
  },
})
