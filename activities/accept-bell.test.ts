import { connect as connectTo, createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { workerDb } from '@/db/client'
import { renewHolder, type TakenRun } from '@/db/engine'
import { newId, toUuid } from '@/db/ids'
import { laneChannel } from '@/db/lane'
import { asAdmin } from '../tests/support/database'
import { eventually } from '../tests/support/eventually'
import { startAcceptBell } from './accept-bell'

const stops: (() => Promise<void> | void)[] = []
beforeEach(() => asAdmin((db) => db.execute('delete from holders')).then(() => {}))
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** A way to the database on which lines can be cut without either side hearing of it. */
async function startProxy(): Promise<{ silence(): void }> {
  const url = process.env.DATABASE_WORKER_URL as string
  const { hostname, port } = new URL(url)
  const pairs = new Set<[Socket, Socket]>()
  const server = createServer((near) => {
    const far = connectTo(Number(port), hostname)
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) socket.on('error', () => {})
    pairs.add([near, far])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const through = new URL(url)
  through.port = String((server.address() as { port: number }).port)
  process.env.DATABASE_WORKER_URL = through.href
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  stops.push(() => {
    for (const pair of pairs) for (const socket of pair) socket.destroy()
    server.close()
  })
  stops.push(() => {
    process.env.DATABASE_WORKER_URL = url
    delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  })
  return {
    silence() {
      for (const [near, far] of pairs) {
        near.unpipe(far)
        far.unpipe(near)
        near.pause()
        far.pause()
      }
      pairs.clear()
    },
  }
}

describe('a lane that runs are handed to', () => {
  it('says its room, hears of runs, and closes', async () => {
    const holderId = newId('hold')
    await renewHolder({ id: holderId, kind: 'lane', host: 'test', pid: 1, build: 'test' }, workerDb())
    const heard: (TakenRun | string)[] = []
    const bell = startAcceptBell(() => {}, { holderId, room: 7, take: (run) => heard.push(run), held: () => true })
    const room = async () => (await asAdmin((db) => db.execute<{ room: number }>('select room from holders')))[0]?.room
    await eventually('the room', async () => (await room()) === 7)
    const runId = newId('run')
    await asAdmin((db) => db.execute(`select pg_notify('${laneChannel(holderId)}', '{"runId": "${toUuid(runId, 'run')}"}')`))
    await eventually('the run', async () => heard.length === 1)
    expect(heard).toEqual([runId])
    await bell.stop()
    expect(await room()).toBe(0)
  })

  it('finds another line when its own is dead without knowing it', async () => {
    const holderId = newId('hold')
    await renewHolder({ id: holderId, kind: 'lane', host: 'test', pid: 1, build: 'test' }, workerDb())
    const proxy = await startProxy()
    const answers: (readonly string[] | null)[] = []
    const heard: (TakenRun | string)[] = []
    let deaf = false
    const bell = startAcceptBell(() => {}, {
      holderId,
      room: 7,
      take: (run) => heard.push(run),
      held(runIds) {
        answers.push(runIds)
        return !deaf
      },
    })
    stops.push(() => bell.stop())
    await eventually('the first answer', async () => answers.length > 0 && answers[0] !== null)
    proxy.silence()
    await eventually('an answer that did not come', async () => answers.includes(null), 15_000)
    const before = answers.length
    await eventually('answers again', async () => answers.slice(before).some((held) => held !== null), 15_000)
    deaf = true
    await eventually('it was told so', async () => answers.length > before + 1)
    deaf = false
    await eventually('it hears again', async () => {
      await asAdmin((db) => db.execute(`select pg_notify('${laneChannel(holderId)}', '{"runId": "${toUuid(newId('run'), 'run')}"}')`))
      return heard.length > 0
    })
  })
})
