import { readFileSync } from 'node:fs'
import path from 'node:path'
import postgres, { type Sql } from 'postgres'

/** The database of the instance that the browser tests share, as its owner: for what nobody could make in time by clicking. */
export async function inInstanceDatabase<Answer>(work: (sql: Sql) => Promise<Answer>): Promise<Answer> {
  const home = process.env.MILLRACE_TEST_HOME ?? ''
  const { postgres: port } = JSON.parse(readFileSync(path.join(home, 'ports.json'), 'utf8')) as { postgres: number }
  const password = readFileSync(path.join(home, 'postgres.password'), 'utf8').trim()
  const sql = postgres(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`, { max: 1, onnotice: () => {} })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}
