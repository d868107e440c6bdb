import type { CompiledParams } from '../graph/expressions'
import type { GraphEdge, GraphNode, Json, NodeSettings, Retry } from '../graph/schema'
import type { WorkflowSettings } from '../graph/workflow-settings'
import type { NamedQueue, NodeDefinition } from '../nodes/define'
import type { StepError } from '../nodes/errors'
import type { LogLine } from '../nodes/log-line'
import type { ModelMessage, ModelToolCall, Usage } from '../nodes/model-client'
import type { BreakDetail } from './break-detail'

/** Nodes that run together: the workflow itself, or one section of a container's body. */
export interface PlanScope {
  nodes: ReadonlyMap<string, PlanNode>
  /** Node ids, each after everything it depends on; notes, tools and what stands inside containers are not in it. */
  order: readonly string[]
}

/** A graph compiled: checked, defaults filled in, expressions parsed. Kept in memory by content hash, never stored. */
export interface Plan extends PlanScope {
  /** What the interpreter's rules were when the version was published. */
  semantics: 1
  hash: string
  /** Every node, also those inside containers. */
  nodes: ReadonlyMap<string, PlanNode>
  settings: WorkflowSettings
}

/** A part of a container's body that runs by itself: `try`, `catch` and `finally`, or a branch; a loop has one, called `body`. */
export interface PlanSection extends PlanScope {
  name: string
}

/** A node that its settings run for each item of a list. */
export interface PlanEach {
  /** The node itself as one item sees it, without the list. */
  body: PlanSection
  concurrency: number
  onItemError: OnItemError
}

export type OnItemError = 'fail' | 'skip' | 'collect'

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
  /** What a container runs inside; empty for everything else. */
  sections: readonly PlanSection[]
  each?: PlanEach
  /** Expressions of its settings: `runIf`, and `items` of `each`. */
  asks?: CompiledParams
  /** Its own outcome depends on `index`. */
  readsIndex: boolean
  /** Hash of type, version, params, settings and of what stands inside: with the input's hash it decides whether a replay may reuse the step. */
  hash: string
}

export type StepStatus = 'started' | 'succeeded' | 'failed' | 'waiting' | 'skipped' | 'unknown'

/** One attempt of one step, as the log keeps it. */
export interface StepRecord {
  /**
   * Node id; inside a container `<containerId>/<iteration>/<nodeId>`, and so on inwards; inside an agent `<nodeId>/turn.<n>` and
   * `<nodeId>/turn.<n>/call.<i>.<toolNodeId>`. An iteration is the item's or round's number (`3`, and `3.2` where it is tried a second
   * time), a branch's number, or `try`, `catch` and `finally`. `<containerId>/<iteration>` alone is the pause before it.
   */
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
  logs?: LogLine[]
  startedAt: Date
  durationUs: number
  /** The run that computed it, when this run only reuses it. */
  originRunId?: string
  /**
   * Set when it was recorded, where it holds a value that is too large to be kept beside the step: what `output` is stored as. In memory
   * `output` may then be missing.
   */
  apart?: { output?: string }
  /** For an attempt that will be followed by another: when. For a step that waits: when it goes on by itself. */
  retryAt?: Date
  /** What the waiting caller is answered with; recorded together with the step and never read back. */
  response?: WebhookResponse
  /** What was just begun to wait for; recorded together with the step and never read back. */
  wait?: Wait
}

export interface WebhookResponse {
  status: number
  headers: Record<string, string>
  body: Json
}

/** What the interpreter knows of earlier steps: the newest attempt for each path, and how many attempts it had. */
export type StepLog = ReadonlyMap<string, StepRecord>

/** What a run waits for; each is a row in `run_waits`. */
export type Wait =
  | { kind: 'time'; path: string; attempt: number; dueAt: Date }
  | { kind: 'retry'; path: string; attempt: number; dueAt: Date }
  | { kind: 'approval'; path: string; attempt: number; dueAt: Date | null; task: ApprovalTask; detail?: ApprovalRule }
  | { kind: 'callback'; path: string; attempt: number; dueAt: Date | null }
  | { kind: 'event'; path: string; attempt: number; dueAt: Date | null; detail: { name: string; key: string } }
  /** Its row is written with the child itself, by `startChild`. */
  | { kind: 'child'; path: string; attempt: number; dueAt: Date | null }
  /** A test that is held before the step; attempt 0, since the step has not begun. */
  | { kind: 'break'; path: string; attempt: 0; dueAt: Date | null; detail: BreakDetail }

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

/** How an approval is decided, where one decision by one of those named is not all. */
export interface ApprovalRule {
  /** Approvals that it takes. */
  needed: number
  /** JSON Schema of what whoever approves fills in. */
  form?: Json
  /** From then on these people may decide too; ISO 8601. */
  escalateAt?: string
  escalateTo?: string[]
  /** Whoever has to decide is reminded so often, in milliseconds. */
  remindEveryMs?: number
}

/** A wait that was settled: becomes the step's outcome. */
export interface SettledWait {
  path: string
  attempt: number
  kind: Wait['kind'] | 'chunks'
  settledBy: 'timer' | 'person' | 'outside'
  /** For an approval `{ decision, comment, by: { id, name }, at }`; for a child `ChildEnd`; for a callback or event what came. */
  result: Json
}

/** Another workflow that a step starts. */
export interface ChildCall {
  path: string
  attempt: number
  workflowId: string
  /** A number, or the tag of the version that is run. */
  version: string | number
  input: Json
  /** False: it is started and left alone. */
  wait: boolean
  /** Until when it is waited for; absent where that is as long as it takes. */
  dueAt?: Date
}
export type ChildStart = { ok: true; runId: string } | { ok: false; error: StepError }
export type ChildEnd = {
  runId: string
  status: 'succeeded' | 'failed' | 'cancelled'
  workflowName: string
  output?: Json
  error?: StepError
}

/** Asked at a step that lets pass by what other runs of the workflow did. */
export type GateCall = { path: string; nodeId: string; key: string } & (
  | { kind: 'throttle'; limit: number; withinMs: number }
  /** `isNew`: the run has just come; otherwise its quiet time is over. */
  | { kind: 'debounce'; quietMs: number; isNew: boolean }
)
export type GateAnswer = { outcome: 'pass' } | { outcome: 'superseded' } | { outcome: 'wait'; until: Date }

/** A loop that several workers may go through at once. */
export interface ChunksCall {
  path: string
  items: number
  /** Items under way at once, in all its chunks together. */
  concurrency: number
}

/** Some items of one loop, gone through in place of the whole run; whatever is left of them is the run's. */
export interface ChunkOptions {
  /** The loop's. */
  path: string
  from: number
  /** The first item behind it. */
  to: number
  /** Items of the whole loop: where there are others now, all is left to the run. */
  items: number
  concurrency: number
  /** An item failed that the loop fails with. */
  onFailed(): void
}

export interface RunFacts {
  id: string
  rootId: string
  generation: number
  organizationId: string
  workflow: { id: string; name: string; version: number }
  trigger: { kind: string; nodeId: string | null; data: Json }
  variables: Record<string, Json>
  /** By path, what comes into a step in place of what its wires bring. */
  stepInputs?: Readonly<Record<string, Json>>
  /** This instance's own address, without a slash at the end: `run.baseUrl` in expressions. */
  baseUrl?: string
  startedAt: Date
  /** Where the outside ends the wait of a callback step: `run.callbacks.<key>` in expressions. */
  callbackUrl?: (path: string) => string
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
  /** What the step's expressions could see, for code that people wrote. */
  scope: { trigger: Json; vars: Readonly<Record<string, Json>>; item?: Json; index?: number }
}

export type StepResult =
  | { ok: true; port: string; output: Json; usage?: Usage; logs?: LogLine[] }
  | { ok: false; error: StepError; usage?: Usage; logs?: LogLine[]; held?: HeldStep }

/** Calls of this kind are held back at the moment: the attempt waits and is not used up. The host wakes the run when its turn comes. */
export interface HeldStep {
  /** When one call tries for all; null where somebody has to do something first. */
  until: Date | null
  /** It was that call, and failed. */
  sent: boolean
  /** Why they are held back, for people. */
  why: StepError
}

/** The interpreter's only way to the world: Postgres in the worker, a plain object in a test, the draft in the editor. */
export interface Host {
  /** Runs an effect's executor. Never throws: what fails is a value. */
  execute(call: StepCall): Promise<StepResult>
  /** Makes results durable, all or none; throws `FencedError` when another holder has the run, `StoppedError` on cancel or pause. */
  record(records: readonly StepRecord[]): Promise<void>
  /** One model call of an agent or of *ask a model* goes through `execute` with the path of the turn. */
  now(): Date
  /** Values that `record` stored apart; absent where all of them stay in memory. */
  stored?: StoredValues
  /** 0 to 1, for jitter only. */
  random(): number
  /** Starts another workflow, once for a path and attempt whatever happens in between; absent where nothing outside may be started. */
  startChild?(call: ChildCall): Promise<ChildStart>
  /** Items from which on a loop may be handed to other workers; absent where a run stays with one. */
  leastShared?: number
  /** Lets other workers go through a loop's items; false where nobody would help. */
  startChunks?(call: ChunksCall): Promise<boolean>
  /** Nothing new begins in them; the run is woken when the last has ended. */
  stopChunks?(path: string): Promise<void>
  /** Counts runs at a throttle or a debounce; absent where runs stand alone. */
  passGate?(call: GateCall): Promise<GateAnswer>
  /** A result that an earlier run of the workflow kept for this node and key; absent where nothing is kept. */
  findKept?(key: KeptKey): Promise<KeptResult | null>
  /** Keeps a result for later runs. Never throws: without it the next run asks again. */
  keepResult?(key: KeptKey, result: { port: string; output: Json }, forMs: number): Promise<void>
  /** Upper bound in micro-units of what a model call can cost; absent where nothing is paid. */
  estimateMicros?(turn: ModelTurn): Promise<number>
}

/** Large outputs by what they are stored as. */
export interface StoredValues {
  /** A value that is in memory still. */
  peek(where: string): Json | undefined
  /** Undefined when it is gone. */
  load(where: string): Promise<Json | undefined>
  /** The run lets go of a value: whoever has room for it may keep it for the next reader. */
  keep(where: string, value: Json): void
}

export interface KeptKey {
  nodeId: string
  /** Hash of the node as it is and of what its result depends on. */
  hash: string
}

export interface KeptResult {
  /** The run that computed it. */
  runId: string
  port: string
  output: Json
}

/** What an agent's turn asks its model; the params of the step call with the turn's path. */
export interface ModelTurn {
  credential?: string
  model: string
  messages: ModelMessage[]
  tools?: { name: string; description: string; parameters: Json }[]
  responseSchema?: Json
  temperature?: number
  maxOutputTokens?: number
}

/** What a turn's step keeps as output. */
export interface ModelTurnOutput {
  content: string
  toolCalls: ModelToolCall[]
  finishReason: 'stop' | 'tool_calls' | 'length' | 'content_filter'
}

/** Results of items of loops that are done, by the loop's path and the item's number. */
export type FinishedItems = Map<string, Map<number, Json>>

export interface ExecuteOptions {
  /** Items that the log says nothing about any more; taken out as they are taken up. */
  finished?: FinishedItems
  /** Waits of this run that were settled since. */
  settled?: readonly SettledWait[]
  /** Milliseconds after which nothing new is started. */
  sliceMs?: number
  /** Whether an effect may begin in this slice; one that may not is left to a queue. Every one may unless told. */
  fits?: (planned: PlanNode) => boolean
  /** When the run ends: given what is not written yet, to be written with the end. */
  keepRest?: (records: readonly StepRecord[]) => void
  /** Effects at once. */
  concurrency?: number
  /** Only these items of a loop are gone through. */
  chunk?: ChunkOptions
  /** Only these nodes run; the others are left alone. */
  only?: ReadonlySet<string>
  /** Nodes that run with this input whatever their edges say. */
  inputs?: ReadonlyMap<string, Json>
  /** Asked before each start: a reason stops the run where it is. */
  stopping?: () => StopReason | null
  /** Aborts what is in flight. */
  signal?: AbortSignal
  /** Hash of a JSON value, equal for equal values; SHA-256 of the canonical JSON unless told. */
  hash?: (value: Json) => string
  /** Milliseconds of a clock that never jumps. */
  monotonic?: () => number
  timeZone?: string
  /** The run is cancelled: nothing is begun but the `finally` of what was under way. */
  cancelling?: boolean
}

/** Where a slice of a plan ended. */
export type PlanOutcome =
  | { kind: 'succeeded'; output: Json }
  | { kind: 'failed'; error: StepError; path: string; nodeTitle: string }
  | { kind: 'more' }
  | { kind: 'queue'; queue: StepQueue; timeoutMs: number }
  | { kind: 'waiting'; until: Date | null; waits: PendingWait[] }
  | { kind: 'stopped'; reason: StopReason }

export interface PendingWait {
  /** A wait for a circuit, or for chunks of a loop, has no time of its own: its host wakes the run. */
  kind: Wait['kind'] | 'circuit' | 'chunks'
  path: string
  attempt: number
  dueAt: Date | null
  /** Why calls are held back. */
  error?: StepError
}

/** `crowded`: it makes room for another run of the same worker. */
export type StopReason = 'cancelled' | 'paused' | 'shutdown' | 'crowded'
export type StepQueue = 'default' | NamedQueue

export class FencedError extends Error {
  readonly name = 'FencedError'
}
export class StoppedError extends Error {
  readonly name = 'StoppedError'
  readonly reason: StopReason
  constructor(reason: StopReason) {
    super(reason)
    this.reason = reason
  }
}
