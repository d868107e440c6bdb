import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTcpProxy, type TcpProxy } from '../tests/faults/tcp-proxy'
import { adminSql, testDatabase } from '../tests/support/database'
import { createPool } from './client'
import { needsDriversSocket } from './watched-socket'

let proxy: TcpProxy
let url: URL

beforeAll(async () => {
  url = new URL(testDatabase().adminUrl)
  proxy = await startTcpProxy({ port: Number(url.port) })
  url.port = String(proxy.port)
})
afterAll(() => proxy.close())

async function busyWith(text: string): Promise<number> {
  const admin = adminSql()
  const rows = await admin`select 1 from pg_stat_activity where state = 'active' and query like ${`select ${text}%`}`
  await admin.end()
  return rows.length
}

describe('a line to the database that died without a word', () => {
  it('ends with an error for whoever waits, and the next question takes another', async () => {
    const pool = createPool(url.href, { max: 1, answersWithinMs: 300 })
    await pool.$client`select 1`
    expect(proxy.stall()).toBe(1)
    await expect(pool.$client`select 1`).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    expect(await pool.$client`select 2 as two`).toMatchObject([{ two: 2 }])
    await pool.$client.end({ timeout: 1 })
  })

  it('loses no question that comes while it breaks', async () => {
    const pool = createPool(url.href, { max: 1 })
    await pool.$client`select 1`
    const asked = pool.$client`select pg_sleep(5)`.catch(() => pool.$client`select 3 as three`)
    await expect.poll(async () => (await busyWith('pg_sleep(5)')) > 0).toBe(true)
    proxy.shut()
    proxy.open()
    expect(await asked).toMatchObject([{ three: 3 }])
    await pool.$client.end({ timeout: 1 })
  })

  it('is not taken for one that is only slow', async () => {
    const pool = createPool(url.href, { max: 1, answersWithinMs: 3_000 })
    expect(await pool.$client`select pg_sleep(0.8)::text as slept`).toHaveLength(1)
    await pool.$client.end({ timeout: 1 })
  })

  it('is left to the driver where that knows several hosts or TLS', () => {
    expect(needsDriversSocket('postgres://u:p@db:5432/x')).toBe(false)
    expect(needsDriversSocket('postgres://u:p@db:5432/x?sslmode=disable')).toBe(false)
    expect(needsDriversSocket('postgres://u:p@db:5432/x?sslmode=require')).toBe(true)
    expect(needsDriversSocket('postgres:///x?host=/run/postgresql')).toBe(true)
  })
})
