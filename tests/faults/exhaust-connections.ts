import postgres, { type Sql } from 'postgres'

/** Takes every connection there is, those of the instance too; answers how to give them back. */
export async function exhaustConnections(adminUrl: string): Promise<() => Promise<void>> {
  const [keeper] = [postgres(adminUrl, { max: 1, onnotice: () => {} })]
  const [{ most } = { most: 100 }] = await keeper<{ most: number }[]>`select current_setting('max_connections')::int as most`
  const taken: Sql[] = []
  let ended = false
  const take = async () => {
    const sql = postgres(adminUrl, { max: 1, connect_timeout: 3, onnotice: () => {}, connection: { application_name: 'somebody else' } })
    try {
      await sql`select 1`
      taken.push(sql)
    } catch {
      await sql.end({ timeout: 0 })
    }
  }
  const end = () =>
    keeper`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and application_name like 'millrace%'`
  const work = (async () => {
    while (!ended) {
      await end().catch(() => {})
      if (taken.length < most - 2) await Promise.all(Array.from({ length: 12 }, take))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })()
  return async () => {
    ended = true
    await work
    await Promise.all(taken.map((sql) => sql.end({ timeout: 1 })))
    await keeper.end({ timeout: 1 })
  }
}
