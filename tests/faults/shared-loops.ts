import postgres from 'postgres'
import { newUuid, toUuid } from '@/db/ids'
import { eventually } from '../support/eventually'
import { published } from '../support/fill-with-work'
import { graphOf } from '../support/plan-of'
import type { Arena } from './arena'
import { loopItems, loops } from './load'

const sendEveryMs = 10_000

/** Keeps large loops coming and answers when both of two workers have taken parts of them since it was asked. */
export async function untilBothShare({ cluster, send }: Arena): Promise<void> {
  const sql = postgres(cluster.adminUrl, { max: 1, onnotice: () => {} })
  let sentAt = Number.NEGATIVE_INFINITY
  try {
    const [clock] = await sql<{ now: string }[]>`select clock_timestamp()::text as now`
    const since = clock?.now as string
    await eventually(
      'two workers have parts of loops in hand',
      async () => {
        const [seen] = await sql<{ workers: number; open: number; holders: number }[]>`
          select (select count(*) from holders where lease_until > clock_timestamp())::integer as workers,
            (select count(*) from run_chunks where state <> 'ended')::integer as open,
            (select count(distinct c.holder_id) from run_chunks c join holders h on h.id = c.holder_id
              where c.state = 'held' and c.changed_at > ${since}::timestamptz and h.lease_until > clock_timestamp())::integer as holders`
        if (!seen) return false
        if (seen.open === 0 && seen.workers > 1 && performance.now() - sentAt > sendEveryMs) {
          for (const kind of loops) send(kind)
          sentAt = performance.now()
        }
        return seen.holders > 1
      },
      180_000,
    )
  } finally {
    await sql.end()
  }
}

/** One item of a shared loop kills whoever executes it: two workers that took its part, then those that have the run. */
export async function killByItem(arena: Arena): Promise<void> {
  const { cluster, provider } = arena
  const name = `poison-item-${newUuid()}`
  const deadly = arena.random.between(0, loopItems - 1)
  const graph = graphOf('start -> loop', {
    start: { type: 'trigger.manual' },
    loop: { type: 'flow.for_each', params: { items: '{{ input }}', concurrency: 24 } },
    work: {
      type: 'http.request',
      params: { method: 'POST', url: `${provider.url}/${name}/{{ item }}` },
      settings: { retry: { attempts: 1 } },
      parent: 'loop',
    },
  })
  const { api } = cluster.owner
  const workflowId = await published(api, name, '', graph)
  const second = await cluster.addWorker()
  const sql = postgres(cluster.adminUrl, { max: 1, onnotice: () => {} })
  let run = ''
  let byParts = 0
  const kill = async () => {
    const [holder] = await sql<{ pid: number; part: boolean }[]>`
      select h.pid, c.holder_id is not null as part
      from live_runs l left join run_chunks c on c.run_id = l.run_id and c.state = 'held' and c.from_item <= ${deadly} and c.to_item > ${deadly}
        join holders h on h.id = coalesce(c.holder_id, l.holder_id)
      where l.run_id = ${run}`
    const worker = cluster.workers.find((part) => part.pid() === holder?.pid)
    if (!worker) return
    if (holder?.part) byParts += 1
    worker.kill()
  }
  provider.listen(({ path }) => {
    if (path === `/${name}/${deadly}`) void kill()
  })
  try {
    await eventually('two workers live', async () => {
      const [live] = await sql<{ count: number }[]>`select count(*)::integer as count from holders where lease_until > clock_timestamp()`
      return (live?.count ?? 0) > 1
    })
    await arena.spoil(async () => {
      const { runId } = await api.runs.start.mutate({ workflowId, input: Array.from({ length: loopItems }, (_, item) => item) })
      run = toUuid(runId, 'run')
      const said = await eventually(
        'the run whose item kills is set aside',
        async () => (await api.runs.get.query({ runId }).catch(() => null))?.error?.message,
        400_000,
      )
      if (!said.includes('Three times')) throw new Error(`the run whose item kills ended with: ${said}`)
      if (byParts === 0) throw new Error('the loop whose item kills was not shared')
    })
  } finally {
    provider.listen(() => {})
    await sql.end()
  }
  await cluster.untilReady()
  await cluster.dropWorker(second)
}
