import { createServer, type Server } from 'node:http'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { oldestDueSeconds } from '@/db/engine'
import type { RunningWorker } from './start-worker'

/** `/healthz` says whether the worker makes progress, `/metrics` what Prometheus wants to know. Answers on this machine only. */
export function startHealth(port: number, worker: () => RunningWorker | null): Promise<Server> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  new Gauge({
    name: 'millrace_runs_in_hand',
    help: 'Runs that this worker executes now.',
    registers: [registry],
    collect() {
      this.set(worker()?.hands.size ?? 0)
    },
  })
  new Gauge({
    name: 'millrace_oldest_due_seconds',
    help: 'How long the oldest run that could move has been standing.',
    registers: [registry],
    async collect() {
      this.set(await oldestDueSeconds().catch(() => -1))
    },
  })
  new Gauge({
    name: 'millrace_workflows_cached',
    help: 'Workflows of waiting and running runs that stand in the memory of this worker.',
    registers: [registry],
    collect() {
      this.set(worker()?.cachedWorkflows() ?? 0)
    },
  })
  new Gauge({
    name: 'millrace_runs_without_room',
    help: 'Large runs that this worker gave back because others needed its memory, and that have not come again.',
    registers: [registry],
    collect() {
      this.set(worker()?.room.outside ?? 0)
    },
  })
  const server = createServer((request, response) => {
    const send = (status: number, body: string, type = 'application/json') => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
      response.end(body)
    }
    if (request.url === '/healthz') {
      const state = stateOf(worker())
      send(state.ok ? 200 : 503, JSON.stringify(state))
    } else if (request.url === '/metrics') {
      registry.metrics().then(
        (text) => send(200, text, registry.contentType),
        () => send(500, '{}'),
      )
    } else send(404, '{}')
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

function stateOf(worker: RunningWorker | null): { ok: boolean; lease: boolean; temporal: boolean; sweep: boolean; runs: number } {
  if (!worker) return { ok: false, lease: false, temporal: false, sweep: false, runs: 0 }
  const lease = worker.holder.renewedMsAgo() < 10_000
  const temporal = worker.isPolling()
  const sweep = worker.sweep.sweptMsAgo() < 30_000
  return { ok: lease && temporal && sweep, lease, temporal, sweep, runs: worker.hands.size }
}
