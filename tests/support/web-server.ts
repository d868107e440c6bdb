import type { AddressInfo } from 'node:net'
import { createWebServer } from '@/server/create-server'

export interface TestWeb {
  url: string
  stop(): Promise<void>
}

/** The web process's own server on a free port, without pages. */
export async function startWeb(): Promise<TestWeb> {
  const web = createWebServer({ pages: () => null })
  await new Promise<void>((resolve) => web.server.listen(0, '127.0.0.1', resolve))
  const { port } = web.server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, stop: () => web.stop(1000) }
}
