import type { CompiledParams } from '../graph/expressions'
import type { GraphEdge, GraphNode, Json, NodeSettings, Retry } from '../graph/schema'
import type { NodeDefinition, Usage } from '../nodes/define'
import type { StepError } from '../nodes/errors'

/** A graph compiled: checked, defaults filled in, expressions parsed. Kept in memory by content hash, never stored. */
export interface Plan {
  /** What the interpreter's rules were when the version was published. */
  semantics: 1
  hash: string
  nodes: ReadonlyMap<string, PlanNode>
  /** Node ids, each after everything it depends on; notes and tools are not in it. */
  order: readonly string[]
}

export interface PlanNode {
  node: GraphNode
  definition: NodeDefinition
  params: CompiledParams
  settings: Omit<NodeSettings, 'retry'> & { retry: Retry; timeoutMs: number }
  /** Edges into `main`-like ports, in graph order. */
  incoming: readonly GraphEdge[]
  outgoing: readonly GraphEdge[]
  /** Ids of nodes on the agent's tools port. */
  tools: readonly string[]
  /** Ids of the steps that its expressions read. */
  reads: readonly string[]
  /** Hash of type, version, params and settings: with the input's hash it decides whether a replay may reuse the step. */
  hash: string
}

export type StepStatus = 'started' | 'succeeded' | 'failed' | 'waiting' | 'skipped' | 'unknown'

/** One attempt of one step, as the log keeps it. */
export interface StepRecord {
  /** Node id; inside an agent `<nodeId>/turn.<n>` and `<nodeId>/turn.<n>/call.<i>.<toolNodeId>`. */
  path: string
  attempt: number
  status: StepStatus
  /** Where it left the node; absent while started or waiting, and when it failed the run. */
  port?: string
  /** Resolved params with sensitive ones replaced by `"•••"`; kept for effects and controls. */
  input?: Json
  output?: Json
  error?: StepError
  inputHash?: string
  usage?: Usage
  logs?: string[]
  startedAt: Date
  durationUs: number
  /** The run that computed it, when this run only reuses it. */
  originRunId?: string
  /** For an attempt that will be followed by another: when. */
  retryAt?: Date
}

/** What the interpreter knows of earlier steps: the newest attempt for each path, and how many attempts it had. */
export type StepLog = ReadonlyMap<string, StepRecord>

/** What a run waits for; each is a row in `run_waits`. */
export type Wait =
  | { kind: 'time'; path: string; attempt: number; dueAt: Date }
  | { kind: 'retry'; path: string; attempt: number; dueAt: Date }
  | { kind: 'approval'; path: string; attempt: number; dueAt: Date | null; task: ApprovalTask }

export interface ApprovalTask {
  title: string
  /** Markdown. */
  description: string
  /** What the person decides on: label and value, in order. */
  facts: { label: string; value: Json }[]
  assigneeIds: string[]
  /** The port taken when nobody decides in time. */
  timeoutPort: 'declined' | 'timeout'
}

/** A wait that was settled: becomes the step's outcome. */
export interface SettledWait {
  path: string
  attempt: number
  kind: Wait['kind']
  settledBy: 'timer' | 'person'
  /** For an approval: `{ decision, comment, by: { id, name }, at }`. */
  result: Json
}

export interface RunFacts {
  id: string
  rootId: string
  generation: number
  organizationId: string
  workflow: { id: string; name: string; version: number }
  trigger: { kind: string; nodeId: string | null; data: Json }
  variables: Record<string, Json>
  startedAt: Date
}

export interface StepCall {
  path: string
  node: PlanNode
  attempt: number
  params: Record<string, unknown>
  input: Json
  stepKey: string
  timeoutMs: number
  signal: AbortSignal
}

export type StepResult =
  | { ok: true; port: string; output: Json; usage?: Usage; logs?: string[] }
  | { ok: false; error: StepError; usage?: Usage; logs?: string[] }

/** The interpreter's only way to the world: Postgres in the worker, a plain object in a test, the draft in the editor. */
export interface Host {
  /** Runs an effect's executor. Never throws: what fails is a value. */
  execute(call: StepCall): Promise<StepResult>
  /** Makes results durable, all or none; throws `FencedError` when another holder has the run, `StoppedError` on cancel or pause. */
  record(records: readonly StepRecord[]): Promise<void>
  /** One model call of an agent or of *ask a model* goes through `execute` with the path of the turn. */
  now(): Date
  /** 0 to 1, for jitter only. */
  random(): number
  /** Answers the waiting webhook caller; durable before it resolves. */
  respond(response: { status: number; headers: Record<string, string>; body: Json }): Promise<void>
}

/** What `advance` says: the driver obeys and knows nothing else. */
export type Advance =
  | { kind: 'finished'; status: 'succeeded' | 'failed' | 'cancelled' }
  | { kind: 'more' }
  | { kind: 'waiting'; until: Date | null; wakeSeen: number }
  | { kind: 'held'; until: Date }
  | { kind: 'gone' }
  | { kind: 'queue'; queue: 'agents' | 'code'; timeoutMs: number }

export class FencedError extends Error {
  readonly name = 'FencedError'
}
export class StoppedError extends Error {
  readonly name = 'StoppedError'
  readonly reason: 'cancelled' | 'paused' | 'shutdown'
  constructor(reason: 'cancelled' | 'paused' | 'shutdown') {
    super(reason)
    this.reason = reason
  }
}
