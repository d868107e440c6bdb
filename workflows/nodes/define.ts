import type { z } from 'zod'
import type { Call } from '../graph/call'
import type { GraphNode, Json } from '../graph/schema'
import type { LogLevel, LogLine } from './log-line'
import type { ModelClient, Usage } from './model-client'

export type NodeCategory = 'trigger' | 'flow' | 'data' | 'network' | 'ai' | 'people' | 'code' | 'note'

/** Named, never imported: `components/forms` maps a name to a control. */
export type Widget =
  | 'text' // one line, takes pills
  | 'textarea' // several lines, takes pills
  | 'expression' // one expression or text with expressions, any type
  | 'number'
  | 'toggle'
  | 'select' // options from `options`
  | 'key-values' // { [key]: expression }
  | 'fields' // [{ name, value }] rows, value any type
  | 'conditions' // [{ left, operator, right }] with `combine`
  | 'cases' // [{ port, conditions… }] for switch
  | 'code-javascript'
  | 'code-python'
  | 'json' // JSON with expressions inside texts
  | 'json-schema'
  | 'credential' // options: credentials whose type is in `credentialTypes`
  | 'model' // options: models of the chosen credential, and practice
  | 'time-zone'
  | 'date-time'
  | 'duration' // milliseconds, shown as 5 min
  | 'money' // millionths of the organization's currency, typed as an amount
  | 'people' // members by id
  | 'workflow' // workflows of the organization by id
  | 'workflow-input' // a field for each that the workflow asks for which `calls` names, or JSON
  | 'rows' // [{ [column]: text }], one control for each of `columns`

/** One control of a `rows` field; texts are stored as they are. */
export interface RowColumn {
  key: string
  label: string
  example?: string
  /** A choice instead of a text; the first option holds while nothing is stored. */
  options?: readonly { value: string; label: string }[]
  /** Shown only while another column of the row has one of these values. */
  showIf?: { column: string; is: readonly string[] }
}

export interface FieldHint {
  label: string
  widget?: Widget
  help?: string
  /** What the field is for in one example, shown while it is empty. */
  example?: string
  options?: readonly { value: string; label: string }[]
  credentialTypes?: readonly string[]
  /** For `rows`: what stands in each of them, from left to right. */
  columns?: readonly RowColumn[]
  /** Shown only while another parameter has one of these values. */
  showIf?: { param: string; is: readonly Json[] }
  /** Behind *More options*. */
  advanced?: boolean
  /** Stored without evaluating `{{ }}`. */
  literal?: boolean
  /** A value that is never recorded or shown in runs. */
  sensitive?: boolean
}

/** Each parameter's control, in the words of the page. */
export type Form = Readonly<Record<string, FieldHint | undefined>>

export interface Ports {
  in: readonly string[]
  /** Fixed names; a node with ways out that depend on its parameters gives a function. */
  out: readonly string[] | ((params: Record<string, Json>) => readonly string[])
}

/** Queues that a worker may take or leave, beside the default one. */
export type NamedQueue = 'code' | 'agents'

/** `sends` something that others notice, `pays` for a model's answer, `asks` a person. */
export type Outside = 'sends' | 'pays' | 'asks'

export interface NodeExample {
  title: string
  /** One sentence: when this is what one wants. */
  help?: string
  params: Record<string, Json>
}

interface DefinitionBase<Type extends string, Params extends z.ZodObject> {
  /** Permanent, e.g. `http.request`. */
  type: Type
  version: number
  title: string
  /** One sentence for an analyst. */
  summary: string
  category: NodeCategory
  /** A lucide icon's name, e.g. `globe`. */
  icon: string
  /** Words people may search by. */
  keywords?: readonly string[]
  ports: Ports
  /** Parameters after expressions were evaluated. Every field has a default or is reported by validate when missing. */
  params: Params
  form: { readonly [Key in keyof z.input<Params>]-?: FieldHint }
  /** The one parameter that tells this node apart, for the card's second line. Gets unevaluated params, and the form as it is worded on screen. */
  subtitle?: (params: Record<string, Json>, form: Form) => string
  /** Older stored params to this version's; `from` is the stored version. */
  migrate?: (params: Record<string, Json>, from: number) => Record<string, Json>
  /** What cannot be said by the schema; gets unevaluated params. */
  check?: (
    params: Record<string, Json>,
    node: GraphNode,
  ) => { pointer: string; message: string; code?: string; severity?: 'error' | 'warning' }[]
  /** What running it really does outside, for the list before a test; an effect that is not `safe` sends something. */
  outside?: (params: Record<string, Json>) => Outside | null
  /** Ready-made settings that show what the node can do; a person inserts one and changes it. */
  examples?: readonly NodeExample[]
  /** A tiny output as people will see it, used for completion before there is data. */
  sample?: Json
  /** The same where it follows from the parameters; gets unevaluated params, and may not know. */
  sampleFor?: (params: Record<string, Json>) => Json | undefined
  /** What it gives is what came in. */
  passesOn?: true
  /** The field of the output that people mean, where the others say how it came. */
  essence?: string
  /** Whether it waits until all its ways in are settled, as nodes do, or runs with the first value that comes; gets unevaluated params. */
  startsWith?: (params: Record<string, Json>) => 'all' | 'first'
  /** May be given to an agent by its tools port. */
  tool?: boolean
}

export interface PureCall<Params> {
  params: Params
  /** What came in over the edge that fired. */
  input: Json
  /** All edges that fired, in edge order; only nodes that combine several ways in look at more than the first. */
  inputs: readonly { from: string; port: string; value: Json }[]
  /** Evaluates a parameter that was kept unevaluated for each item of a list, with `item` and `index` set. */
  now: Date
}

export interface NodeOutcome {
  /** The port it leaves by, or several of them as `joinPorts` gives them. */
  port: string
  output: Json
}

export interface TriggerDefinition<Type extends string = string, Params extends z.ZodObject = z.ZodObject>
  extends DefinitionBase<Type, Params> {
  kind: 'trigger'
  /** The one a person's start goes to, where there are several. */
  byHand?: boolean
  /** Its times are schedules, kept beside the draft so that they change without a publish; the panel lists and makes them. */
  byClock?: boolean
}
export interface PureDefinition<Type extends string = string, Params extends z.ZodObject = z.ZodObject>
  extends DefinitionBase<Type, Params> {
  kind: 'pure'
  /** Synchronous, no clock, no randomness. Throws NodeError for bad data. */
  run(call: PureCall<z.output<Params>>): NodeOutcome
  /** Parameters that hold an expression evaluated per item, as closures `(item, index) => Json` in `params`. */
  perItem?: readonly string[]
}
export interface EffectDefinition<Type extends string = string, Params extends z.ZodObject = z.ZodObject>
  extends DefinitionBase<Type, Params> {
  kind: 'effect'
  /** Milliseconds one attempt takes at most where settings say nothing. */
  timeoutMs: number
  /** Repeating it changes nothing outside (GET); decides whether a `started` row is written first. */
  safe?: (params: Record<string, Json>) => boolean
  /** Doing it twice leaves outside what doing it once does (PUT). */
  idempotent?: (params: Record<string, Json>) => boolean
  /** Touches nothing outside: only the sandbox makes it an effect. Its result is recorded with what follows. */
  computes?: boolean
  /** Long or heavy work, done by workers that take this queue. */
  queue?: NamedQueue
  /** Retry policy where settings say nothing; absent means one attempt. */
  retry?: { attempts: number }
  /** Parameters that a cURL command sets which is pasted into one of its fields. */
  fromCurl?: readonly string[]
}
/** What the interpreter does itself; it knows these by this name, never by node type. */
export type ControlKind = 'wait' | 'approval' | 'agent' | 'respond' | 'stop' | 'child' | 'callback' | 'event' | GateKind | ContainerKind
/** Controls that let a step through, hold it back or leave it out. */
export type GateKind = 'throttle' | 'debounce'
/** Controls that run what stands inside them. */
export type ContainerKind = 'for_each' | 'repeat' | 'try' | 'parallel'
export interface ContainerBody {
  /** Ways from the container's frame to nodes inside it, beside the nodes that nothing leads into, which start by themselves. */
  ports: readonly string[]
  /** What expressions inside can read. */
  gives: readonly ('item' | 'index')[]
  /** The nodes that nothing leads into each begin a branch of their own. */
  branches?: boolean
}
export interface ControlDefinition<Type extends string = string, Params extends z.ZodObject = z.ZodObject>
  extends DefinitionBase<Type, Params> {
  kind: 'control'
  control: ControlKind
  /** Long or heavy work, done by workers that take this queue. */
  queue?: NamedQueue
  /** Holds other nodes, which run inside it. */
  body?: ContainerBody
  /** Parameters worked out for each item by themselves. */
  perItem?: readonly string[]
  /** Parameters worked out anew for each round, with `index` set. */
  perRound?: readonly string[]
  /** The workflow that it runs, from unevaluated params; null while none is chosen. */
  calls?: (params: Record<string, Json>) => Call | null
}
/** Stands on the canvas and does nothing. */
export interface NoteDefinition<Type extends string = string, Params extends z.ZodObject = z.ZodObject>
  extends DefinitionBase<Type, Params> {
  kind: 'note'
  /** Nodes can be drawn inside it, by their `group`. */
  gathers?: boolean
}
export type NodeDefinition = TriggerDefinition | PureDefinition | EffectDefinition | ControlDefinition | NoteDefinition

type Without<T> = Omit<T, 'kind'>

export function defineTrigger<Type extends string, Params extends z.ZodObject>(
  definition: Without<TriggerDefinition<Type, Params>>,
): TriggerDefinition<Type, Params> {
  return { kind: 'trigger', ...definition }
}
export function definePure<Type extends string, Params extends z.ZodObject>(
  definition: Without<PureDefinition<Type, Params>>,
): PureDefinition<Type, Params> {
  return { kind: 'pure', ...definition }
}
export function defineEffect<Type extends string, Params extends z.ZodObject>(
  definition: Without<EffectDefinition<Type, Params>>,
): EffectDefinition<Type, Params> {
  return { kind: 'effect', ...definition }
}
export function defineControl<Type extends string, Params extends z.ZodObject>(
  definition: Without<ControlDefinition<Type, Params>>,
): ControlDefinition<Type, Params> {
  return { kind: 'control', ...definition }
}
export function defineNote<Type extends string, Params extends z.ZodObject>(
  definition: Without<NoteDefinition<Type, Params>>,
): NoteDefinition<Type, Params> {
  return { kind: 'note', ...definition }
}

/** Everything an executor may use is handed in; it imports no client, reads no environment, touches no table. */
export interface ExecutorCall<Params> {
  params: Params
  input: Json
  /** What the step's expressions could see, for code that people wrote. */
  scope?: { trigger: Json; vars: Readonly<Record<string, Json>>; item?: Json; index?: number }
  /** The guarded door; credentials are injected behind it: pass `credential` with the id from a credential parameter. */
  fetch: GuardedFetch
  models: ModelClient
  /** Runs JavaScript behind a real boundary. */
  code: CodeRunner
  /** Runs Python behind one. */
  python: CodeRunner
  /** Aborts on cancel, time-out and loss of the run. */
  signal: AbortSignal
  /** `<rootRunId>/<path>/<item>/<generation>`: sent outside as the idempotency key. */
  stepKey: string
  now(): Date
  /** A line of the step's log, written now; `info` where nothing else is said. */
  log(text: string, level?: LogLevel): void
}

export type GuardedFetch = (
  url: string,
  init?: {
    method?: string
    headers?: Record<string, string>
    body?: string | Uint8Array
    signal?: AbortSignal
    /** Credential id; its secret is added at the door after its allowed hosts were checked. */
    credential?: string
    maxBytes?: number
    redirect?: 'follow' | 'manual'
  },
) => Promise<GuardedResponse>

export interface GuardedResponse {
  status: number
  ok: boolean
  url: string
  headers: Record<string, string>
  bytes(): Promise<Uint8Array>
  text(): Promise<string>
  json(): Promise<Json>
  /** Chunks as they come, for streams of events. */
  body: AsyncIterable<Uint8Array>
}

export interface CodeRunner {
  run(call: {
    source: string
    globals: Record<string, Json>
    timeoutMs: number
    memoryBytes: number
    outputBytes: number
    signal: AbortSignal
  }): Promise<{ value: Json; logs: LogLine[] }>
}

export interface ExecutorResult extends NodeOutcome {
  usage?: Usage
  logs?: readonly LogLine[]
}

export interface Executor<Params = unknown> {
  type: string
  run(call: ExecutorCall<Params>): Promise<ExecutorResult>
}

export function defineExecutor<Type extends string, Params extends z.ZodObject>(
  definition: EffectDefinition<Type, Params>,
  run: (call: ExecutorCall<z.output<Params>>) => Promise<ExecutorResult>,
): Executor<z.output<Params>> & { type: Type } {
  return { type: definition.type, run }
}
