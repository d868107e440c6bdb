import type { Json } from '@/workflows/graph/schema'
import { NodeError, type StepError } from '@/workflows/nodes/errors'
import { stepLogOf } from '@/workflows/runtime/flow-state'
import type { ChildCall, Host, RunFacts, StepCall, StepRecord, StepResult } from '@/workflows/runtime/types'

export type Effect = (call: StepCall) => Json | StepResult | Promise<Json | StepResult>

export interface PlainHost extends Host {
  /** Every attempt that was recorded, finished ones once. */
  records: StepRecord[]
  /** The calls of `record`, each with what was written together. */
  writes: StepRecord[][]
  executed: StepCall[]
  /** Other workflows that steps started. */
  children: ChildCall[]
  responses: { status: number; headers: Record<string, string>; body: Json }[]
  log(): ReturnType<typeof stepLogOf>
  clock: { now: number }
  /** Called before each effect and each write; throws to crash there. */
  boundary: (where: string) => void
}

/** A Host that keeps everything in memory; effects are plain functions by node key, or one for all. */
export function plainHost(effects: Effect | Record<string, Effect> = () => null): PlainHost {
  const rows = new Map<string, StepRecord>()
  const host: PlainHost = {
    records: [],
    writes: [],
    executed: [],
    children: [],
    responses: [],
    clock: { now: Date.UTC(2026, 0, 1) },
    boundary: () => {},
    log: () => stepLogOf(host.records),
    now: () => new Date(host.clock.now),
    random: () => 0,
    async execute(call) {
      host.boundary(`before effect ${call.path}#${call.attempt}`)
      host.executed.push(call)
      const effect = typeof effects === 'function' ? effects : effects[call.node.node.key]
      if (!effect) throw new Error(`no effect for ${call.node.node.key}`)
      try {
        const result = await effect(call)
        host.boundary(`after effect ${call.path}#${call.attempt}`)
        return isResult(result) ? result : { ok: true, port: 'main', output: result }
      } catch (thrown) {
        if (thrown instanceof NodeError) return { ok: false, error: thrown.step }
        throw thrown
      }
    },
    async record(records) {
      host.boundary(`before write ${records.map((record) => `${record.path}:${record.status}`).join(',')}`)
      for (const record of records) {
        const key = `${record.path}#${record.attempt}`
        const known = rows.get(key)
        if (known && known.status !== 'started' && known.status !== 'waiting') {
          throw new Error(`${key} is ${known.status} already and was recorded again as ${record.status}`)
        }
        const { wait: _wait, ...kept } = record
        rows.set(key, kept)
      }
      host.records = [...rows.values()]
      host.writes.push([...records])
      host.boundary(`after write ${records.map((record) => `${record.path}:${record.status}`).join(',')}`)
    },
    async startChild(call) {
      host.boundary(`before child ${call.path}#${call.attempt}`)
      if (!host.children.some((one) => one.path === call.path && one.attempt === call.attempt)) host.children.push(call)
      host.boundary(`after child ${call.path}#${call.attempt}`)
      return { ok: true, runId: `run_of_${call.path}_${call.attempt}` }
    },
    async respond(response) {
      if (host.responses.length === 0) host.responses.push(response)
    },
  }
  return host
}

function isResult(value: Json | StepResult): value is StepResult {
  return (
    typeof value === 'object' && value !== null && 'ok' in value && typeof value.ok === 'boolean' && ('port' in value || 'error' in value)
  )
}

export function failure(error: Partial<StepError> = {}): StepResult {
  return { ok: false, error: { class: 'transient', code: 'test', message: 'It did not work.', ...error } }
}

export function runFacts(data: Json = null, more: Partial<RunFacts> = {}): RunFacts {
  return {
    id: 'run_00000000000070008000000000000001',
    rootId: 'run_00000000000070008000000000000001',
    generation: 0,
    organizationId: 'org_00000000000070008000000000000001',
    workflow: { id: 'wf_00000000000070008000000000000001', name: 'Test', version: 1 },
    trigger: { kind: 'manual', nodeId: null, data },
    variables: {},
    startedAt: new Date(Date.UTC(2026, 0, 1)),
    ...more,
  }
}
