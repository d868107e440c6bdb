import { createEditor, type DraftTransport, type Editor, type Notice } from '@/components/editor/store/create-editor'
import type { EditStorage } from '@/components/editor/store/kept-edits'
import type { Confirmed, Ordered } from '@/components/editor/store/rebase'
import type { Operation } from '@/workflows/graph/operations'
import type { Graph } from '@/workflows/graph/schema'
import { testNode } from '@/workflows/graph/test-graph'

/** What two pages and the network between them and the server do, one after the other. Numbers choose among what there is. */
export type Happening =
  | { do: 'edit'; page: number; what: number; which: number; value: number }
  | { do: 'timer' | 'arrive' | 'answer' | 'lose' | 'announce' | 'startAgain' | 'cut' | 'mend' | 'reopen'; page: number }

export type DraftServer = Omit<DraftTransport, 'isFinal'>

interface Call {
  run(): Promise<unknown>
  resolve(value: never): void
  reject(error: unknown): void
  arrived?: { value?: unknown; error?: unknown }
}

interface Page {
  editor: Editor
  calls: Call[]
  timers: (() => void)[]
  /** How far the subscription has told this page. */
  told: number
  cut: boolean
  notices: Notice[]
  /** What an edit here last made of the field that only this page writes. */
  wrote: unknown
}

/** The node that nobody removes; each page has a field of its own in it. */
const keptNode = 'kept0000'

export const startGraph: Graph = {
  schema: 1,
  nodes: [testNode(keptNode, { title: 'Kept' }), testNode('second00', { title: 'Second' }, 1), testNode('third000', { title: 'Third' }, 2)],
  edges: [{ id: 'edge0000', from: keptNode, to: 'second00', fromPort: 'main', toPort: 'main' }],
}

/**
 * Two pages edit one draft over a network that delays, loses and repeats. In the end everything is delivered.
 * `oneBrowser`: the pages are tabs that share a storage.
 */
export async function editTogether(server: DraftServer, happenings: readonly Happening[], options: { oneBrowser: boolean }) {
  let ids = 0
  const newId = () => `n${String(++ids).padStart(9, '0')}`
  const storages = options.oneBrowser ? [memoryStorage(), null] : [memoryStorage(), memoryStorage()]
  const storageOf = (index: number) => (storages[index] ?? storages[0]) as EditStorage
  const stray: Call[] = []
  const pages: Page[] = []

  const open = async (index: number): Promise<Page> => {
    const confirmed: Confirmed = await server.reload()
    const page: Page = { calls: [], timers: [], told: confirmed.revision, cut: false, notices: [], wrote: undefined } as unknown as Page
    const call = <T>(run: () => Promise<T>) =>
      page.cut
        ? Promise.reject<T>(new Error('cut'))
        : new Promise<T>((resolve, reject) => page.calls.push({ run, resolve: resolve as (value: never) => void, reject }))
    page.editor = createEditor({
      workflowId: 'wf_1',
      clientId: `page${index}${newId()}`,
      confirmed,
      transport: {
        apply: (input) => {
          // As it goes over the wire: what is edited afterwards is not in it.
          const sent = structuredClone(input)
          return call(() => server.apply(sent))
        },
        since: (revision) => call(() => server.since(revision)),
        reload: () => call(() => server.reload()),
        isFinal: () => false,
      },
      storage: storageOf(index),
      notify: (notice) => page.notices.push(notice),
      newId,
      now: () => 0,
      later: (run) => {
        page.timers.push(run)
        return () => {
          page.timers = page.timers.filter((one) => one !== run)
        }
      },
    })
    page.editor.resume(new Set(pages.map((one) => one.editor.clientId)))
    return page
  }
  const own = (page: Page, index: number) => field(page.editor.getState().graph, `own${index}`)
  for (const index of [0, 1]) {
    const page = await open(index)
    pages.push(page)
  }

  const arrive = async (call: Call | undefined) => {
    if (!call || call.arrived) return
    call.arrived = await call.run().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    )
  }
  const answer = async (page: Page) => {
    const [first] = page.calls
    if (!first?.arrived) return
    page.calls.shift()
    if (first.arrived.error) first.reject(first.arrived.error)
    else first.resolve(first.arrived.value as never)
    await settled()
  }
  const announce = async (page: Page) => {
    const { operations, reload } = await server.since(page.told)
    const { revision } = await server.reload()
    page.told = revision
    if (operations.length > 0 || reload) void page.editor.receive(operations, reload)
    await settled()
  }
  const runTimers = async (page: Page) => {
    const due = page.timers
    page.timers = []
    for (const run of due) run()
    await settled()
  }

  for (const happening of happenings) {
    const index = happening.page % 2
    const page = pages[index] as Page
    switch (happening.do) {
      case 'edit': {
        const before = own(page, index)
        edit(page.editor, happening, index, newId)
        if (own(page, index) !== before) page.wrote = own(page, index)
        break
      }
      case 'timer':
        await runTimers(page)
        break
      case 'arrive':
        await arrive(page.calls.find((call) => !call.arrived) ?? stray.shift())
        break
      case 'answer':
        await answer(page)
        break
      case 'lose':
        page.calls.shift()?.reject(new Error('lost'))
        await settled()
        break
      case 'announce':
        if (!page.cut) await announce(page)
        break
      case 'startAgain':
        // The subscription came back: it goes on where the page is, and the page asks what it missed.
        void page.editor.catchUp()
        await settled()
        break
      case 'cut':
        page.cut = true
        for (const call of page.calls.splice(0)) {
          stray.push(call)
          call.reject(new Error('cut'))
        }
        await settled()
        break
      case 'mend':
        page.cut = false
        break
      case 'reopen': {
        page.editor.stop()
        page.timers = []
        pages.splice(index, 1, { ...page, editor: { ...page.editor, clientId: 'closed' } })
        stray.push(...page.calls.splice(0).filter((call) => !call.arrived))
        const next = await open(index)
        next.wrote = page.wrote
        next.notices.push(...page.notices)
        pages[index] = next
        break
      }
    }
  }

  // Packets that were on their way arrive, the network is whole again, and both pages come to rest.
  for (const call of stray.splice(0)) await arrive(call)
  for (const page of pages) page.cut = false
  for (let turn = 0; turn < 200; turn++) {
    const { revision } = await server.reload()
    const busy = pages.some((page) => page.calls.length + page.timers.length > 0 || page.told < revision)
    if (!busy) break
    for (const page of pages) {
      if (page.told < revision) await announce(page)
      await runTimers(page)
      while (page.calls.length > 0) {
        await arrive(page.calls[0])
        await answer(page)
      }
    }
  }
  return { pages: pages.map(({ editor, notices, wrote }) => ({ editor, notices, wrote })), storages: [storageOf(0), storageOf(1)] }
}

/** The value of one field of the node that nobody removes. */
export function field(graph: Graph, name: string): unknown {
  return graph.nodes.find((node) => node.id === keptNode)?.params[name]
}

function edit(editor: Editor, { what, which, value }: { what: number; which: number; value: number }, page: number, newId: () => string) {
  const { graph } = editor.getState()
  const pick = <T>(list: readonly T[]): T | undefined => list[which % Math.max(1, list.length)]
  const node = pick(graph.nodes)
  const other = graph.nodes[value % Math.max(1, graph.nodes.length)]
  const removable = pick(graph.nodes.filter((one) => one.id !== keptNode))
  const setField = (nodeId: string, name: string) => {
    const before = graph.nodes.find((one) => one.id === nodeId)?.params[name]
    editor.perform(
      { kind: 'setParam', nodeId, path: [name], ...(before === undefined ? {} : { before }), after: `${page}:${value}` },
      { melt: true },
    )
  }
  const operations: (() => Operation | null)[] = [
    () => ({ kind: 'addNode', node: testNode(newId(), { title: `Added ${value}` }) }),
    () => (removable ? { kind: 'removeNodes', nodeIds: [removable.id] } : null),
    () => (node ? { kind: 'renameNode', nodeId: node.id, title: { before: node.title, after: `Name ${value}` } } : null),
    () => (node ? { kind: 'moveNodes', moves: [{ nodeId: node.id, before: node.position, after: { x: value * 4, y: which * 4 } }] } : null),
    () =>
      node && other ? { kind: 'connect', edge: { id: newId(), from: node.id, to: other.id, fromPort: 'main', toPort: 'main' } } : null,
    () => {
      const edge = pick(graph.edges)
      return edge ? { kind: 'disconnect', edgeIds: [edge.id] } : null
    },
    () => (node ? { kind: 'setDisabled', nodeIds: [node.id], disabled: value % 2 === 0 } : null),
    () => ({ kind: 'paste', nodes: [testNode(newId()), testNode(newId())], edges: [] }),
    () => {
      const list = field(graph, 'list')
      const at = value % (Array.isArray(list) ? list.length + 1 : 1)
      if (!Array.isArray(list)) return { kind: 'setParam', nodeId: keptNode, path: ['list'], after: [value] }
      return { kind: 'setParam', nodeId: keptNode, path: ['list', at], after: value }
    },
  ]
  const choice = what % (operations.length + 6)
  const operation = operations[choice]?.()
  if (operation) editor.perform(operation)
  else if (choice === operations.length) editor.undo()
  else if (choice === operations.length + 1) editor.redo()
  else if (choice === operations.length + 2 && node) setField(node.id, 'shared')
  else setField(keptNode, `own${page}`)
}

async function settled() {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve()
}

export function memoryStorage(): EditStorage {
  const values = new Map<string, string>()
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    key: (index) => [...values.keys()][index] ?? null,
    get length() {
      return values.size
    },
  }
}

/** The draft's rules as `changeDraft` has them, in memory. `mostMissed`: more than that, and a page has to load the draft again. */
export function draftInMemory(graph: Graph, apply: (graph: Graph, operation: Operation) => Graph | null, mostMissed = 6) {
  const log: Ordered[] = []
  const state = { graph }
  const server: DraftServer = {
    apply: async ({ baseRevision, clientId, operations }) => {
      const missed = log.slice(baseRevision)
      const results = operations.map(({ opId, operation }) => {
        const known = log.find((one) => one.opId === opId)
        if (known) return { opId, ok: true as const, revision: known.revision }
        const next = apply(state.graph, operation)
        if (!next) return { opId, ok: false as const, problem: { code: 'refused', severity: 'error' as const, message: 'Refused.' } }
        state.graph = next
        log.push({ revision: log.length + 1, opId, operation, clientId })
        return { opId, ok: true as const, revision: log.length }
      })
      const reload = missed.length > mostMissed
      return structuredClone({ revision: log.length, results, missed: reload ? [] : missed, reload })
    },
    since: async (revision) => {
      const operations = log.slice(revision)
      return structuredClone(operations.length > mostMissed ? { operations: [], reload: true } : { operations })
    },
    reload: async () => ({ graph: state.graph, revision: log.length }),
  }
  return { server, log, state }
}
