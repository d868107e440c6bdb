import { z } from 'zod'
import { phrase } from '../../words/spoken'
import { defineControl } from '../define'
import { durationInWords } from '../flow-wait/duration-in-words'
import { numberParam, shortenExpressions, textOf, textParam } from '../params'

export const flowDebounce = defineControl({
  type: 'flow.debounce',
  version: 1,
  control: 'debounce',
  title: 'Debounce',
  summary: 'Of runs that come close together, let only the last one go on.',
  category: 'flow',
  icon: 'timer-reset',
  keywords: ['burst', 'quiet', 'latest', 'collapse', 'deduplicate', 'settle'],
  passesOn: true,
  ports: { in: ['main'], out: ['main', 'superseded'] },
  params: z.object({
    quietMs: numberParam({ min: 1_000, max: 86_400_000 }).default(10_000),
    key: textParam.pipe(z.string().max(500)).default(''),
  }),
  form: {
    quietMs: {
      label: 'Quiet for',
      widget: 'duration',
      help: 'A run goes on when no other came for so long; a day at most.',
      example: '10 s',
    },
    key: {
      label: 'Counted for each',
      widget: 'text',
      help: 'Left empty, all runs of this workflow belong together.',
      example: '{{ input.documentId }}',
    },
  },
  subtitle: (params) => {
    const quiet = params.quietMs ?? 10_000
    return phrase`After ${typeof quiet === 'number' ? durationInWords(quiet) : shortenExpressions(textOf(quiet))} of quiet`
  },
})
