import { rmSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { drawGraph, step } from '@/workflows/templates/draw-graph'
import { eventually } from '../support/eventually'
import { published, settled } from '../support/fill-with-work'
import { startHttpSink } from '../support/http-sink'
import { asOwner } from '../support/owner'
import { type Instance, startInstance } from '../support/start-instance'

const stages = ['first', 'second', 'third', 'fourth']

test('after Ctrl-C in the middle of runs and a new start, every run goes on behind its last finished step', async () => {
  test.setTimeout(120_000)
  let slow = true
  const seen = new Map<string, number>()
  const sink = await startHttpSink({
    onRequest: (request, response) => {
      seen.set(request.path, (seen.get(request.path) ?? 0) + 1)
      const answer = () => response.end('{}')
      // The third call of each run is under way when the instance is stopped.
      if (slow && request.path.endsWith('/third')) setTimeout(answer, 60_000).unref()
      else answer()
    },
  })
  const started: Instance[] = []
  try {
    const start = async (home?: string) => {
      // As an older Node that installed packages for an hour would hand over to the bundled one.
      const began = { MILLRACE_BEGAN: String(Date.now() - 3_600_000) }
      const instance = await startInstance(home ? { home } : { env: began })
      started.push(instance)
      return instance
    }
    const first = await start()
    expect(first.printed()).toMatch(/Millrace is ready in 36\d\d\.\d s/)
    const before = await asOwner(first.url, first.setupLink ?? '')
    const workflowId = await published(
      before.api,
      'Four calls',
      '',
      drawGraph(
        [
          step('start', 'trigger.manual', 'Start', [0, 0]),
          ...stages.map((name, index) =>
            step(name, 'http.request', name, [index + 1, 0], { url: `${sink.url}/{{ trigger.number }}/${name}` }),
          ),
        ],
        [['start', ...stages].join(' -> ')],
      ),
    )
    const runs = await Promise.all(
      Array.from({ length: 10 }, async (_, number) => (await before.api.runs.start.mutate({ workflowId, input: { number } })).runId),
    )
    await eventually('all runs at their third call', async () => runs.every((_, number) => seen.has(`/${number}/third`)))
    const stopped = Date.now()
    expect(await first.stop('SIGINT')).toBe(0)
    expect(Date.now() - stopped).toBeLessThan(30_000)
    slow = false
    const second = await start(first.home)
    const after = await asOwner(second.url)
    for (const [number, runId] of runs.entries()) {
      expect(await settled(after.api, runId)).toBe('succeeded')
      const calls = stages.map((name) => seen.get(`/${number}/${name}`))
      // What was finished is not repeated; what was under way is called again with the same idempotency key.
      expect([calls[0], calls[1], calls[3]]).toEqual([1, 1, 1])
    }
    expect(second.printed()).not.toContain('/setup?token=')
  } finally {
    for (const instance of started) await instance.stop()
    for (const instance of started) rmSync(instance.home, { recursive: true, force: true })
    await sink.close()
  }
})
