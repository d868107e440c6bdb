import { createStore } from 'zustand/vanilla'
import { applyOperation, describeOperation, invertOperation, type Operation, type Overwrite } from '@/workflows/graph/operations'
import type { Graph, Problem } from '@/workflows/graph/schema'
import { keepSame } from './keep-same'
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
  /** The server is out of reach and the browser's storage takes nothing: what is not sent lives on this page alone. */
  | { kind: 'notKept' }

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
/**
 * From one sending to the next. What is typed meanwhile melts into one edit: a request for each letter would keep the page, the server and
 * whoever has the draft open busy beside the typing.
 */
const betweenMs = 1_000
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
  let sentAt = Number.NEGATIVE_INFINITY
  let underWay: Promise<void> = Promise.resolve()
  let cancelTimer: (() => void) | null = null
  let failures = 0
  let stopped = false
  /** Edits that the server may know already: they are not changed any more, and it decides what becomes of them. */
  const sent = new Set<string>()
  const mine = new Set<string>()
  /** Edits that the confirmed draft holds already, or that were refused. */
  const decided = new Set<string>()
  let asking = false
  /** Something was announced that could not be taken in at that moment. */
  let behind = false
  let unkept = false
  let toldUnkept = false

  let cancelKeep: (() => void) | null = null

  function setPending(pending: readonly Pending[], rest: Partial<EditorState> = {}) {
    setState({ pending, ...rest })
    if (pending.length < keptAtOnce) keep()
    else cancelKeep ??= later(keep, keepMs)
  }

  function keep() {
    cancelKeep?.()
    cancelKeep = null
    unkept = !keepEdits(storage, workflowId, clientId, getState().pending)
    sayUnkept()
  }

  function sayUnkept() {
    const { saving } = getState()
    if (!unkept || toldUnkept || (saving !== 'offline' && saving !== 'failed')) return
    toldUnkept = true
    notify({ kind: 'notKept' })
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
    const melted = last && !sent.has(last.opId) ? merge(last.operation, operation) : null
    const next =
      melted && last ? [...pending.slice(0, -1), { opId: last.opId, operation: melted }] : [...pending, { opId: newId(), operation }]
    setPending(next, { graph, saving: saving === 'offline' ? 'offline' : 'saving', ...rest })
    // What is being sent says itself when the rest goes.
    if (!sending) schedule(Math.max(batchMs, sentAt + betweenMs - now()))
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
      // Behind a sending under way the rest goes when that one says so.
      if (!sending && !stopped) underWay = send()
    }, ms)
  }

  /** Sends what waits, behind what is being sent; comes back when all of it was, or the server was not reached. */
  async function flush(): Promise<void> {
    if (stopped) return
    if (!sending) underWay = send()
    await underWay
    const { pending, saving } = getState()
    if (pending.length > 0 && failures === 0 && saving !== 'failed') await flush()
  }

  async function send(): Promise<void> {
    cancelTimer?.()
    cancelTimer = null
    const batch = getState().pending.slice(0, batchSize)
    if (batch.length === 0) {
      setState({ saving: 'saved' })
      return behind ? catchUp() : undefined
    }
    if (cancelKeep) keep()
    sending = true
    sentAt = now()
    for (const one of batch) sent.add(one.opId)
    try {
      const answer = await transport.apply({ baseRevision: getState().confirmed.revision, clientId, operations: batch })
      failures = 0
      await receiveAnswer(answer, batch)
    } catch (error) {
      await receiveFailure(error)
    } finally {
      sending = false
    }
    const { pending, saving } = getState()
    if (saving === 'failed') return
    if (pending.length === 0) setState({ saving: 'saved' })
    else schedule(pause())
    if (behind && failures === 0) await catchUp()
  }

  function pause() {
    if (failures > 0) return Math.min(15_000, 500 * 2 ** failures)
    return getState().pending.length >= batchSize ? 0 : Math.max(0, sentAt + betweenMs - now())
  }

  async function receiveAnswer(answer: ApplyAnswer, batch: readonly Pending[]) {
    const operations = new Map(batch.map((one) => [one.opId, one.operation]))
    for (const result of answer.results) {
      if (!result.ok && !answer.reload) notify({ kind: 'refused', problem: result.problem })
    }
    // Refused for having missed too much is not the last word: it is sent again over the draft as it is now.
    if (answer.reload) return load(new Set(answer.results.flatMap((result) => (result.ok ? [result.opId] : []))))
    const own = answer.results.flatMap((result): Ordered[] => {
      const operation = operations.get(result.opId)
      return result.ok && operation ? [{ opId: result.opId, revision: result.revision, operation, clientId }] : []
    })
    setState({ saving: 'saving' })
    // What was missed comes last: where an edit of ours stands in it, the server has it as it came there.
    await takeIn([...own, ...answer.missed], new Set(answer.results.map((result) => result.opId)))
    for (const { opId } of answer.results) for (const known of [sent, decided]) known.delete(opId)
  }

  async function takeIn(ordered: readonly Ordered[], answered: ReadonlySet<string> = new Set()) {
    const { confirmed } = getState()
    const advanced = advance(confirmed, ordered)
    const settled = new Set([...answered, ...ordered.map((one) => one.opId)])
    if (!advanced.ok) return load(settled)
    for (const { by, overwrite } of advanced.overwrote)
      if (by.clientId !== clientId && mine.has(placeOf(overwrite))) notify({ kind: 'overwritten', overwrite, userId: by.userId ?? null })
    const { pending } = getState()
    // Edits are sent in their order: what stands before one that the server has was decided, though the answer is still to come.
    const last = pending.findLastIndex((one) => settled.has(one.opId))
    for (const one of pending.slice(0, Math.max(0, last))) if (sent.has(one.opId)) decided.add(one.opId)
    settle(
      advanced.confirmed,
      pending.filter((one) => !settled.has(one.opId)),
    )
  }

  /** The whole draft, with what waits here over it. */
  async function load(done: ReadonlySet<string> = new Set()) {
    const loaded = await transport.reload()
    // Meanwhile edits were made, and perhaps newer answers came.
    const { confirmed, pending } = getState()
    settle(
      loaded.revision < confirmed.revision ? confirmed : loaded,
      pending.filter((one) => !done.has(one.opId)),
    )
  }

  function settle(confirmed: Confirmed, pending: readonly Pending[]) {
    const rebased = rebase(confirmed.graph, pending, { sent, decided })
    for (const { problem } of rebased.refused) notify({ kind: 'refused', problem })
    setPending(rebased.kept, { confirmed, graph: keepSame(getState().graph, rebased.graph) })
  }

  async function receiveFailure(error: unknown) {
    if (!transport.isFinal(error)) {
      failures += 1
      setState({ saving: 'offline' })
      return sayUnkept()
    }
    notify({ kind: 'failed', error })
    setState({ saving: 'failed' })
    sayUnkept()
  }

  /** Edits the server announced; a gap is filled by asking. */
  async function receive(ordered: readonly Ordered[], reload = false) {
    if (reload) return catchUp()
    const { revision } = getState().confirmed
    const news = ordered.filter((one) => one.revision > revision)
    // The answer that is still on its way brings our own edits, and what came before them.
    if (news.length === 0 || (sending && news.every((one) => sent.has(one.opId)))) return
    if (sending || asking || Math.min(...news.map((one) => one.revision)) > revision + 1) return catchUp()
    try {
      await takeIn(news)
    } catch (error) {
      askLater(error)
    }
  }

  function askLater(error: unknown) {
    behind = true
    if (transport.isFinal(error)) return notify({ kind: 'failed', error })
    failures += 1
    schedule(pause())
  }

  async function catchUp() {
    behind = true
    // An answer under way may bring it; what it does not bring is asked for behind it.
    if (sending || asking || stopped) return
    asking = true
    behind = false
    try {
      const answer = await transport.since(getState().confirmed.revision)
      if (answer.reload) await load()
      else if (answer.operations.length > 0) await takeIn(answer.operations)
    } catch (error) {
      askLater(error)
      return
    } finally {
      asking = false
    }
    failures = 0
    if (behind && !sending) await catchUp()
  }

  /** Brings back what an earlier page could not send; the edits of pages that live are theirs. Returns how many edits that were. */
  function resume(living: ReadonlySet<string> = new Set()) {
    if (options.readOnly) return 0
    const here = new Set(getState().pending.map((one) => one.opId))
    const kept = takeKeptEdits(storage, workflowId, new Set([clientId, ...living])).filter((one) => !here.has(one.opId))
    if (kept.length === 0) return 0
    for (const one of kept) sent.add(one.opId)
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
    /** Whether closing the page now would lose edits. */
    wouldLose: () => getState().pending.length > 0 && (unkept || getState().saving === 'failed'),
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
