import { afterEach, describe, expect, it, vi } from 'vitest'
import { newNodeId } from '@/workflows/graph/new-node-id'
import { applyOperation, type Operation } from '@/workflows/graph/operations'
import { emptyGraph, type Graph, type GraphNode } from '@/workflows/graph/schema'
import { type ApplyAnswer, createEditor, type DraftTransport, type Notice } from './create-editor'
import type { EditStorage } from './kept-edits'
import type { Ordered, Pending } from './rebase'

afterEach(() => vi.useRealTimers())

describe('editor', () => {
  it('shows an edit at once and sends it after a moment', async () => {
    const { editor, server, clock } = setUp()
    editor.perform(add('fetch'))
    expect(keys(editor.getState().graph)).toEqual(['fetch'])
    expect(server.sent).toBe(0)
    await clock.run()
    expect(server.sent).toBe(1)
    expect(keys(server.graph)).toEqual(['fetch'])
    expect(editor.getState()).toMatchObject({ saving: 'saved', pending: [] })
  })

  it('sends what is typed about once a second, all letters since as one edit, and the last of them soon after', async () => {
    vi.useFakeTimers()
    const { editor, server } = setUp({ timers: 'browser' })
    const node = newNode('one')
    editor.perform({ kind: 'addNode', node })
    const letters = 'https://shop.example/orders?status=open&limit=100'
    for (let count = 1; count <= letters.length; count++) {
      editor.perform({
        kind: 'setParam',
        nodeId: node.id,
        path: ['url'],
        before: letters.slice(0, count - 1),
        after: letters.slice(0, count),
      })
      await vi.advanceTimersByTimeAsync(80)
    }
    expect(server.sent).toBe(4)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(editor.getState().saving).toBe('saved')
    expect(server.graph.nodes[0]?.params.url).toBe(letters)
    expect(server.log).toHaveLength(server.sent + 1)
  })

  it('sends more edits than fit in one sending without a pause', async () => {
    vi.useFakeTimers()
    const { editor, server } = setUp({ timers: 'browser' })
    for (let count = 0; count < 250; count++) editor.perform(add(`step${count}`))
    await vi.advanceTimersByTimeAsync(200)
    expect(server.log).toHaveLength(200)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(server.log).toHaveLength(250)
  })

  it('asks for nothing when its own edit is announced before the answer to it', async () => {
    const { editor, server, clock } = setUp()
    const { apply, since } = server.transport
    let asked = 0
    server.transport.since = (revision) => {
      asked++
      return since(revision)
    }
    server.transport.apply = async (input) => {
      const answer = await apply(input)
      await editor.receive(server.log.slice(input.baseRevision))
      return answer
    }
    editor.perform(add('mine'))
    await clock.run()
    expect(asked).toBe(0)
    expect(editor.getState()).toMatchObject({ saving: 'saved', pending: [], confirmed: { revision: 1 } })
  })

  it('asks for the edit of somebody else that is announced while its own is on its way', async () => {
    const { editor, server, clock } = setUp()
    const { apply } = server.transport
    server.transport.apply = async (input) => {
      const answer = await apply(input)
      server.edit(add('theirs'))
      await editor.receive(server.log.slice(input.baseRevision))
      return answer
    }
    editor.perform(add('mine'))
    await clock.run()
    expect(keys(editor.getState().graph)).toEqual(['mine', 'theirs'])
  })

  it('replays its own edits over those of others that it had missed', async () => {
    const { editor, server, clock } = setUp()
    server.edit(add('theirs'))
    editor.perform(add('mine'))
    await clock.run()
    expect(keys(editor.getState().graph)).toEqual(['theirs', 'mine'])
    expect(editor.getState().graph).toEqual(server.graph)
    expect(editor.getState().confirmed.revision).toBe(2)
  })

  it('keeps edits while the server cannot be reached and sends them when it is back', async () => {
    const { editor, server, clock, storage } = setUp()
    server.down = true
    editor.perform(add('offline'))
    await clock.run()
    expect(editor.getState().saving).toBe('offline')
    expect(storage.length).toBe(1)
    server.down = false
    await clock.run()
    expect(keys(server.graph)).toEqual(['offline'])
    expect(storage.length).toBe(0)
  })

  it('brings back the edits of a page that was closed before it could send them', async () => {
    const first = setUp()
    first.server.down = true
    first.editor.perform(add('typed'))
    await first.clock.run()
    first.editor.stop()
    first.server.down = false
    const second = setUp({ server: first.server, storage: first.storage })
    expect(second.editor.resume()).toBe(1)
    expect(keys(second.editor.getState().graph)).toEqual(['typed'])
    await second.clock.run()
    expect(keys(first.server.graph)).toEqual(['typed'])
  })

  it('applies an edit once when the answer to it was lost', async () => {
    const { editor, server, clock } = setUp()
    server.loseAnswers = 1
    editor.perform(add('once'))
    await clock.run()
    await clock.run()
    expect(keys(server.graph)).toEqual(['once'])
    expect(editor.getState().graph).toEqual(server.graph)
  })

  it('takes an edit back and does it again', () => {
    const { editor } = setUp()
    const node = newNode('one')
    editor.perform({ kind: 'addNode', node })
    editor.perform({ kind: 'setParam', nodeId: node.id, path: ['url'], after: 'https://a.example' })
    editor.undo()
    expect(editor.getState().graph.nodes[0]?.params.url).toBeUndefined()
    editor.undo()
    expect(editor.getState().graph.nodes).toEqual([])
    editor.redo()
    editor.redo()
    expect(editor.getState().graph.nodes[0]?.params.url).toBe('https://a.example')
  })

  it('takes back a burst of typing as one step', () => {
    const { editor } = setUp()
    const node = newNode('one')
    editor.perform({ kind: 'addNode', node })
    editor.perform({ kind: 'setParam', nodeId: node.id, path: ['url'], after: 'h' }, { melt: true })
    editor.perform({ kind: 'setParam', nodeId: node.id, path: ['url'], before: 'h', after: 'ht' }, { melt: true })
    editor.perform({ kind: 'setParam', nodeId: node.id, path: ['url'], before: 'ht', after: 'htt' }, { melt: true })
    expect(editor.getState().undoSteps).toHaveLength(2)
    editor.undo()
    expect(editor.getState().graph.nodes[0]?.params.url).toBeUndefined()
  })

  it('leaves alone what somebody else changed since, when taking back', async () => {
    const { editor, server, clock, notices } = setUp()
    const node = newNode('one')
    editor.perform({ kind: 'addNode', node })
    editor.perform({ kind: 'setParam', nodeId: node.id, path: ['url'], after: 'mine' })
    await clock.run()
    await editor.receive([server.edit({ kind: 'setParam', nodeId: node.id, path: ['url'], before: 'mine', after: 'theirs' })])
    editor.undo()
    expect(editor.getState().graph.nodes[0]?.params.url).toBe('theirs')
    expect(notices.map((notice) => notice.kind)).toContain('skipped')
  })

  it('says whose edit replaced mine and keeps my text', async () => {
    const { editor, server, clock, notices } = setUp()
    const node = newNode('one')
    editor.perform({ kind: 'addNode', node })
    await clock.run()
    editor.perform({ kind: 'setParam', nodeId: node.id, path: ['url'], after: 'my text' })
    await clock.run()
    await editor.receive([server.edit({ kind: 'setParam', nodeId: node.id, path: ['url'], after: 'their text' })])
    expect(notices).toContainEqual(
      expect.objectContaining({ kind: 'overwritten', userId: 'usr_other', overwrite: expect.objectContaining({ found: 'my text' }) }),
    )
  })

  it('loads the whole draft when a revision is missing', async () => {
    const { editor, server } = setUp()
    server.edit(add('a'))
    server.edit(add('b'))
    const third = server.edit(add('c'))
    await editor.receive([third])
    expect(keys(editor.getState().graph)).toEqual(['a', 'b', 'c'])
  })

  it('keeps what was edited while the missed edits of others were on their way', async () => {
    const { editor, server, clock } = setUp()
    server.edit(add('theirs'))
    const asked = editor.catchUp()
    editor.perform(add('mine'))
    await asked
    expect(keys(editor.getState().graph)).toEqual(['theirs', 'mine'])
    await clock.run()
    expect(keys(server.graph)).toEqual(['theirs', 'mine'])
  })

  it('has sent everything when a flush is over, also what was edited while an earlier one was on its way', async () => {
    const { editor, server } = setUp()
    editor.perform(add('first'))
    const earlier = editor.flush()
    editor.perform(add('second'))
    await editor.flush()
    expect(keys(server.graph)).toEqual(['first', 'second'])
    await earlier
  })

  it('says once that edits are on this page only, when the server is out of reach and the storage is full', async () => {
    const storage: EditStorage = {
      ...memoryStorage(),
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError')
      },
    }
    const { editor, server, clock, notices } = setUp({ storage })
    editor.perform(add('one'))
    await clock.run()
    expect(notices).toEqual([])
    expect(editor.wouldLose()).toBe(false)
    server.down = true
    editor.perform(add('two'))
    await clock.run()
    editor.perform(add('three'))
    expect(notices).toEqual([{ kind: 'notKept' }])
    expect(editor.wouldLose()).toBe(true)
    server.down = false
    await clock.run()
    expect(editor.wouldLose()).toBe(false)
    expect(keys(server.graph)).toEqual(['one', 'two', 'three'])
  })

  it('refuses an edit that cannot be and says why', () => {
    const { editor, notices } = setUp()
    expect(editor.perform({ kind: 'setDisabled', nodeIds: ['nothing1'], disabled: true })).toBe(false)
    expect(notices).toMatchObject([{ kind: 'refused' }])
    expect(editor.getState().pending).toEqual([])
  })
})

function setUp(shared: { server?: ReturnType<typeof fakeServer>; storage?: EditStorage; timers?: 'browser' } = {}) {
  const server = shared.server ?? fakeServer()
  const storage = shared.storage ?? memoryStorage()
  const notices: Notice[] = []
  const clock = fakeClock()
  const editor = createEditor({
    workflowId: 'wf_1',
    clientId: newNodeId(),
    confirmed: { graph: server.graph, revision: server.log.length },
    transport: server.transport,
    storage,
    notify: (notice) => notices.push(notice),
    newId: () => newNodeId(),
    ...(shared.timers === 'browser' ? {} : { now: () => 0, later: clock.later }),
  })
  return { editor, server, storage, notices, clock }
}

function fakeClock() {
  let waiting: (() => void)[] = []
  return {
    later: (run: () => void) => {
      waiting.push(run)
      return () => {
        waiting = waiting.filter((one) => one !== run)
      }
    },
    run: async () => {
      const due = waiting
      waiting = []
      for (const run of due) run()
      for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    },
  }
}

interface FakeServer {
  graph: Graph
  log: Ordered[]
  sent: number
  down: boolean
  loseAnswers: number
  edit(operation: Operation, from?: { opId: string; clientId: string; userId: string }): Ordered
  transport: DraftTransport
}

function fakeServer(): FakeServer {
  const log: Ordered[] = []
  const server: FakeServer = {
    graph: emptyGraph,
    log,
    sent: 0,
    down: false,
    loseAnswers: 0,
    edit(operation: Operation, from = { opId: newNodeId(), clientId: 'other', userId: 'usr_other' }): Ordered {
      const result = applyOperation(server.graph, operation)
      if (!result.ok) throw new Error(result.problem.message)
      server.graph = result.value
      const ordered = { revision: log.length + 1, operation, ...from }
      log.push(ordered)
      return ordered
    },
    transport: {
      apply: async ({
        baseRevision,
        clientId,
        operations,
      }: {
        baseRevision: number
        clientId: string
        operations: Pending[]
      }): Promise<ApplyAnswer> => {
        if (server.down) throw new Error('unreachable')
        server.sent++
        const missed = log.slice(baseRevision)
        const results = operations.map(({ opId, operation }) => {
          const known = log.find((one) => one.opId === opId)
          const ordered = known ?? server.edit(operation, { opId, clientId, userId: 'usr_me' })
          return { opId, ok: true as const, revision: ordered.revision }
        })
        if (server.loseAnswers-- > 0) throw new Error('answer lost')
        return { revision: log.length, results, missed }
      },
      since: async (revision: number) => ({ operations: log.slice(revision) }),
      reload: async () => ({ graph: server.graph, revision: log.length }),
      isFinal: () => false,
    },
  }
  return server
}

function memoryStorage(): EditStorage {
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

function newNode(key: string): GraphNode {
  return {
    id: newNodeId(),
    key,
    title: key,
    type: 'http.request',
    version: 1,
    params: {},
    settings: { onError: 'fail', atMostOnce: false, disabled: false, note: '' },
    position: { x: 0, y: 0 },
  }
}

function add(key: string): Operation {
  return { kind: 'addNode', node: newNode(key) }
}

function keys(graph: Graph) {
  return graph.nodes.map((node) => node.key)
}
