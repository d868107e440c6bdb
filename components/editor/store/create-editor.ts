import { createStore } from 'zustand/vanilla'
import { applyOperation, describeOperation, invertOperation, type Operation, type Overwrite } from '@/workflows/graph/operations'
import type { Graph, Problem } from '@/workflows/graph/schema'
import { type EditStorage, keepEdits, takeKeptEdits } from './kept-edits'
import { advance, type Confirmed, merge, type Ordered, type Pending, rebase } from './rebase'

export interface ApplyAnswer {
  revision: number
  results: readonly ({ opId: string; ok: true; revision: number } | { opId: string; ok: false; problem: Problem })[]
  missed: readonly Ordered[]
  /** Too much was missed to send: what was refused for that is sent again over the draft as it is now. */
  reload?: boolean
}

/** The way to the server. Rejects when it was not reached; `reload` gives the whole draft. */
export interface DraftTransport {
  apply(input: { baseRevision: number; clientId: string; operations: Pending[] }): Promise<ApplyAnswer>
  since(revision: number): Promise<{ operations: readonly Ordered[]; reload?: boolean }>
  reload(): Promise<Confirmed>
  /** True when sending the same again cannot help. */
  isFinal(error: unknown): boolean
}

export type Notice =
  | { kind: 'refused'; problem: Problem }
  | { kind: 'skipped'; problem: Problem }
  | { kind: 'overwritten'; overwrite: Overwrite; userId: string | null }
  | { kind: 'failed'; error: unknown }

interface Step {
  undo: Operation
  label: string
  /** For melting a burst of typing into one step. */
  last: { operation: Operation; before: Graph; at: number } | null
}

export interface EditorState {
  graph: Graph
  confirmed: Confirmed
  pending: readonly Pending[]
  saving: 'saved' | 'saving' | 'offline' | 'failed'
  undoSteps: readonly Step[]
  redoSteps: readonly Step[]
}

export interface EditorOptions {
  workflowId: string
  clientId: string
  confirmed: Confirmed
  transport: DraftTransport
  storage: EditStorage | null
  notify: (notice: Notice) => void
  newId: () => string
  now?: () => number
  later?: (run: () => void, ms: number) => () => void
  readOnly?: boolean
}

const batchMs = 150
const meltMs = 1_000
const batchSize = 100
/** Each keeping writes all edits that wait, so a long queue of them is kept a few times a second instead of at each edit. */
const keptAtOnce = 50
const keepMs = 200

export type Editor = ReturnType<typeof createEditor>

/**
 * The draft in this browser: every edit is an operation applied at once and sent in order. What the server has not confirmed is
 * replayed over what it says, so a lost connection, an ended session or somebody else's edits lose nothing.
 */
export function createEditor(options: EditorOptions) {
  const { workflowId, clientId, transport, storage, notify, newId } = options
  const now = options.now ?? (() => Date.now())
  const later = options.later ?? laterByTimer
  const store = createStore<EditorState>(() => ({
    graph: options.confirmed.graph,
    confirmed: options.confirmed,
    pending: [],
    saving: 'saved',
    undoSteps: [],
    redoSteps: [],
  }))
  const { getState, setState } = store
  let sending = false
  let cancelTimer: (() => void) | null = null
  let failures = 0
  let stopped = false
  const inFlight = new Set<string>()
  const mine = new Set<string>()

  let cancelKeep: (() => void) | null = null

  function setPending(pending: readonly Pending[], rest: Partial<EditorState> = {}) {
    setState({ pending, ...rest })
    if (pending.length < keptAtOnce) keep()
    else cancelKeep ??= later(keep, keepMs)
  }

  function keep() {
    cancelKeep?.()
    cancelKeep = null
    keepEdits(storage, workflowId, clientId, getState().pending)
  }

  /** Applies an edit, or says why not. `melt` joins it with the edit of the same field just before. */
  function perform(operation: Operation, how: { melt?: boolean } = {}): boolean {
    if (options.readOnly) return false
    const { graph, undoSteps } = getState()
    const result = applyOperation(graph, operation)
    if (!result.ok) {
      notify({ kind: 'refused', problem: result.problem })
      return false
    }
    const top = undoSteps.at(-1)
    const melted = how.melt && top?.last && now() - top.last.at < meltMs ? merge(top.last.operation, operation) : null
    const before = melted && top?.last ? top.last.before : graph
    const undo = invertOperation(before, melted ?? operation)
    const label = describeOperation(melted ?? operation, before)
    const steps = melted ? undoSteps.slice(0, -1) : undoSteps
    const step: Step | null = undo && { undo, label, last: { operation: melted ?? operation, before, at: now() } }
    commit(operation, result.value, { undoSteps: step ? [...steps, step] : steps, redoSteps: [] })
    return true
  }

  function commit(operation: Operation, graph: Graph, rest: Partial<EditorState>) {
    const { pending, saving } = getState()
    for (const pointer of fieldsOf(operation)) mine.add(pointer)
    const last = pending.at(-1)
    const melted = last && !inFlight.has(last.opId) ? merge(last.operation, operation) : null
    const next =
      melted && last ? [...pending.slice(0, -1), { opId: last.opId, operation: melted }] : [...pending, { opId: newId(), operation }]
    setPending(next, { graph, saving: saving === 'offline' ? 'offline' : 'saving', ...rest })
    schedule(batchMs)
  }

  function undo() {
    const { undoSteps, redoSteps } = getState()
    const step = undoSteps.at(-1)
    if (step) back(step, undoSteps.slice(0, -1), (done) => ({ redoSteps: done ? [...redoSteps, done] : redoSteps }), 'undoSteps')
  }

  function redo() {
    const { undoSteps, redoSteps } = getState()
    const step = redoSteps.at(-1)
    if (step) back(step, redoSteps.slice(0, -1), (done) => ({ undoSteps: done ? [...undoSteps, done] : undoSteps }), 'redoSteps')
  }

  function back(step: Step, left: readonly Step[], other: (done: Step | null) => Partial<EditorState>, from: 'undoSteps' | 'redoSteps') {
    const { graph } = getState()
    const result = applyOperation(graph, step.undo)
    if (!result.ok) {
      notify({ kind: 'skipped', problem: result.problem })
      setState({ [from]: left } as Partial<EditorState>)
      return
    }
    for (const problem of result.skipped ?? []) notify({ kind: 'skipped', problem })
    const inverse = invertOperation(graph, step.undo)
    commit(step.undo, result.value, {
      [from]: left,
      ...other(inverse && { undo: inverse, label: step.label, last: null }),
    } as Partial<EditorState>)
  }

  function schedule(ms: number) {
    if (cancelTimer || stopped) return
    cancelTimer = later(() => {
      cancelTimer = null
      void flush()
    }, ms)
  }

  async function flush(): Promise<void> {
    if (sending || stopped) return
    cancelTimer?.()
    cancelTimer = null
    const batch = getState().pending.slice(0, batchSize)
    if (batch.length === 0) return setState({ saving: 'saved' })
    if (cancelKeep) keep()
    sending = true
    for (const one of batch) inFlight.add(one.opId)
    try {
      const answer = await transport.apply({ baseRevision: getState().confirmed.revision, clientId, operations: batch })
      failures = 0
      await receiveAnswer(answer, batch)
    } catch (error) {
      await receiveFailure(error)
    } finally {
      sending = false
      for (const one of batch) inFlight.delete(one.opId)
    }
    const { pending, saving } = getState()
    if (saving === 'failed') return
    if (pending.length === 0) setState({ saving: 'saved' })
    else schedule(failures > 0 ? Math.min(15_000, 500 * 2 ** failures) : 0)
  }

  async function receiveAnswer(answer: ApplyAnswer, batch: readonly Pending[]) {
    if (answer.reload) {
      const done = new Set(answer.results.flatMap((result) => (result.ok ? [result.opId] : [])))
      return settle(
        await transport.reload(),
        getState().pending.filter((one) => !done.has(one.opId)),
      )
    }
    const operations = new Map(batch.map((one) => [one.opId, one.operation]))
    const own = answer.results.flatMap((result): Ordered[] => {
      const operation = operations.get(result.opId)
      if (!result.ok) notify({ kind: 'refused', problem: result.problem })
      return result.ok && operation ? [{ opId: result.opId, revision: result.revision, operation, clientId }] : []
    })
    const settled = new Set(answer.results.map((result) => result.opId))
    const pending = getState().pending.filter((one) => !settled.has(one.opId))
    setState({ saving: 'saving' })
    await takeIn([...answer.missed, ...own], pending)
  }

  async function takeIn(ordered: readonly Ordered[], pending: readonly Pending[]) {
    const settled = new Set(ordered.map((one) => one.opId))
    const waiting = pending.filter((one) => !settled.has(one.opId))
    const advanced = advance(getState().confirmed, ordered)
    if (!advanced.ok) return settle(await transport.reload(), waiting)
    for (const { by, overwrite } of advanced.overwrote)
      if (by.clientId !== clientId && mine.has(placeOf(overwrite))) notify({ kind: 'overwritten', overwrite, userId: by.userId ?? null })
    settle(advanced.confirmed, waiting)
  }

  function settle(confirmed: Confirmed, pending: readonly Pending[]) {
    const rebased = rebase(confirmed.graph, pending)
    for (const { problem } of rebased.refused) notify({ kind: 'refused', problem })
    setPending(rebased.kept, { confirmed, graph: rebased.graph })
  }

  async function receiveFailure(error: unknown) {
    if (!transport.isFinal(error)) {
      failures += 1
      setState({ saving: 'offline' })
      return
    }
    notify({ kind: 'failed', error })
    setState({ saving: 'failed' })
  }

  /** Edits the server announced; a gap is filled by asking. */
  async function receive(ordered: readonly Ordered[], reload = false) {
    if (reload) return catchUp()
    const { confirmed, pending } = getState()
    const news = ordered.filter((one) => one.revision > confirmed.revision)
    if (news.length === 0) return
    // An answer under way brings these too, and in the right order with our own.
    if (sending) return
    if (Math.min(...news.map((one) => one.revision)) > confirmed.revision + 1) return catchUp()
    await takeIn(news, pending)
  }

  async function catchUp() {
    if (sending) return
    const { confirmed, pending } = getState()
    try {
      const answer = await transport.since(confirmed.revision)
      if (answer.reload) settle(await transport.reload(), pending)
      else if (answer.operations.length > 0) await takeIn(answer.operations, pending)
    } catch (error) {
      if (transport.isFinal(error)) notify({ kind: 'failed', error })
    }
  }

  /** Brings back what an earlier page could not send. Returns how many edits that were. */
  function resume() {
    const kept = takeKeptEdits(storage, workflowId, clientId)
    if (kept.length === 0 || options.readOnly) return 0
    settle(getState().confirmed, [...getState().pending, ...kept])
    setState({ saving: 'saving' })
    schedule(0)
    return kept.length
  }

  return {
    ...store,
    workflowId,
    clientId,
    readOnly: options.readOnly ?? false,
    newId,
    perform,
    undo,
    redo,
    flush,
    receive,
    catchUp,
    resume,
    /** Tries at once, for when the connection came back or the person asks. */
    retry: () => {
      failures = 0
      if (getState().saving === 'failed') setState({ saving: 'saving' })
      return flush()
    },
    start: () => {
      stopped = false
      if (getState().pending.length > 0) schedule(0)
    },
    stop: () => {
      stopped = true
      cancelTimer?.()
      cancelTimer = null
      if (cancelKeep) keep()
    },
  }
}

function laterByTimer(run: () => void, ms: number) {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

function fieldsOf(operation: Operation): string[] {
  if (operation.kind === 'setParam') return [`${operation.nodeId}/params/${operation.path.join('/')}`]
  if (operation.kind === 'setSetting') return [`${operation.nodeId}/settings/${operation.path.join('/')}`]
  if (operation.kind === 'renameNode') return [`${operation.nodeId}/title`, `${operation.nodeId}/key`]
  if (operation.kind === 'batch') return operation.operations.flatMap(fieldsOf)
  return []
}

function placeOf({ nodeId, pointer }: Overwrite) {
  return `${nodeId}${pointer}`
}
