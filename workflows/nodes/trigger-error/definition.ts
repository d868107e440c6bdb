import { z } from 'zod'
import { phrase } from '../../words/spoken'
import { defineTrigger } from '../define'

export const triggerError = defineTrigger({
  type: 'trigger.error',
  version: 1,
  title: 'Another workflow failed',
  summary: 'Start when a run of a workflow that names this one as its error workflow fails.',
  category: 'trigger',
  icon: 'siren',
  keywords: ['error', 'failure', 'alert', 'catch', 'notify', 'incident'],
  ports: { in: [], out: ['main'] },
  params: z.object({}),
  form: {},
  subtitle: () => phrase`Told by other workflows`,
  sample: {
    workflow: { id: 'wf_01', name: 'Order intake', version: 3 },
    run: {
      id: 'run_01',
      url: 'https://millrace.example.com/o/acme/runs/run_01',
      trigger: 'webhook',
      startedAt: '2026-11-23T08:00:00.000Z',
    },
    step: { path: 'fetch', title: 'Fetch customer' },
    error: { class: 'transient', code: 'http.status', message: 'It answered 503.', hint: 'Try again later.' },
  },
})
