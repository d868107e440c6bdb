import { config } from '@/server/config'
import { createModelClient } from '@/server/models/create-model-client'
import type { OpenCredential } from '@/server/net/credential'
import { createGuardedFetch, type GuardedDoor } from '@/server/net/guarded-fetch'
import { createPythonRunner } from '@/server/sandbox/python/run-python'
import { createCodeRunner } from '@/server/sandbox/run-code'
import { openCredential } from '@/server/services/credentials/open-credential'
import type { CodeRunner, GuardedFetch } from '@/workflows/nodes/define'
import type { ModelClient } from '@/workflows/nodes/model-client'
import { findPrice } from './find-price'

/** What executors of one project may use: its credentials and no others. */
export interface Powers {
  door: GuardedDoor
  models: ModelClient
  /** The same models through a door that is watched. */
  modelsThrough(fetch: GuardedFetch): ModelClient
  code: CodeRunner
  python: CodeRunner
}

const most = 100
const kept = new Map<string, Powers>()
let runner: ReturnType<typeof createCodeRunner> | null = null
const python = createPythonRunner()

/** One door per project, kept while it is used, so that connections are kept alive and secrets stay known to whoever redacts. */
export function powersOf(organizationId: string, projectId: string): Powers {
  const key = `${organizationId} ${projectId}`
  const there = kept.get(key)
  if (there) {
    kept.delete(key)
    kept.set(key, there)
    return there
  }
  const resolveCredential = (id: string) => findCredential(organizationId, projectId, id)
  const { allowedHosts, url, practice } = config()
  const door = createGuardedFetch({ owner: organizationId, allowedHosts, ownUrl: url, resolveCredential })
  runner ??= createCodeRunner()
  const javascript = runner
  const modelsThrough = (fetch: GuardedFetch) =>
    createModelClient({ fetch, resolveCredential, practice, findPrice: (model, at) => findPrice(organizationId, model, at) })
  const powers: Powers = {
    door,
    models: modelsThrough(door),
    modelsThrough,
    code: { run: (call) => javascript.run(call, organizationId) },
    python: { run: (call) => python.run(call, organizationId) },
  }
  kept.set(key, powers)
  for (const [oldest, { door: unused }] of kept) {
    if (kept.size <= most) break
    kept.delete(oldest)
    // Steps under way may still use it.
    setTimeout(() => void unused.close(), 15 * 60_000).unref()
  }
  return powers
}

export async function closePowers(): Promise<void> {
  const all = [...kept.values()]
  kept.clear()
  await Promise.all(all.map((powers) => powers.door.close()))
  await runner?.close()
  runner = null
}

/** What is no id at all finds nothing, whoever wrote it there. */
async function findCredential(organizationId: string, projectId: string, id: string): Promise<OpenCredential | null> {
  return /^cred_[0-9a-f]{32}$/.test(id) ? openCredential(organizationId, id, { projectId }) : null
}
