import type { Millrace } from '../tests/support/millrace-client'
import { quantile } from './load'

export interface ProcedureTime {
  name: string
  p50Ms: number
  p95Ms: number
  worstMs: number
}

/** What screens ask most, each `times` times over one kept-alive connection: the time at the server and the way over loopback. */
export async function timeProcedures(api: Millrace, workflowId: string, times: number): Promise<ProcedureTime[]> {
  const { items } = await api.runs.list.query({ limit: 50 })
  const runIds = items.map((run) => run.id)
  const pick = (index: number) => runIds[index % runIds.length] as string
  const from = new Date(Date.now() - 30 * 86_400_000)
  const calls: Record<string, (index: number) => Promise<unknown>> = {
    'organizations.get': () => api.organizations.get.query(),
    'home.overview': () => api.home.overview.query({}),
    'workflows.list': () => api.workflows.list.query({}),
    'workflows.get': () => api.workflows.get.query({ workflowId }),
    'drafts.results': () => api.drafts.results.query({ workflowId }),
    'runs.list': () => api.runs.list.query({}),
    'runs.list, failed': () => api.runs.list.query({ status: ['failed'], workflowId }),
    'runs.get': (index) => api.runs.get.query({ runId: pick(index) }),
    'runs.steps': (index) => api.runs.steps.query({ runId: pick(index) }),
    'deadLetters.groups': () => api.deadLetters.groups.query({}),
    'costs.summary': () => api.costs.summary.query({ from, to: new Date() }),
  }
  const timed: ProcedureTime[] = []
  for (const [name, call] of Object.entries(calls)) {
    for (let index = 0; index < 5; index++) await call(index)
    const took: number[] = []
    for (let index = 0; index < times; index++) {
      const began = performance.now()
      await call(index)
      took.push(performance.now() - began)
    }
    took.sort((a, b) => a - b)
    timed.push({ name, p50Ms: quantile(took, 0.5), p95Ms: quantile(took, 0.95), worstMs: took.at(-1) ?? 0 })
  }
  return timed
}
