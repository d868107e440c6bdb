import { z } from 'zod'
import { phrase } from '../../words/spoken'
import { defineControl } from '../define'

export const flowTry = defineControl({
  type: 'flow.try',
  version: 1,
  control: 'try',
  title: 'Try',
  summary: 'Run the steps inside, catch their failure, and clean up in any case.',
  category: 'flow',
  icon: 'shield',
  keywords: ['catch', 'finally', 'error', 'handle', 'rescue', 'cleanup'],
  ports: { in: ['main'], out: ['main'] },
  body: { ports: ['catch', 'finally'], gives: [] },
  params: z.object({}),
  form: {},
  subtitle: () => phrase`Catches what fails inside`,
})
