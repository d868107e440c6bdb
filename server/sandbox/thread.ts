// Runs in a worker thread of its own and imports nothing of ours: Node loads it as it stands, and esbuild bundles it to dist/sandbox-thread.js.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parentPort } from 'node:worker_threads'
import variant from '@jitl/quickjs-ng-wasmfile-release-sync'
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core'

export interface CodeCall {
  id: number
  source: string
  /** JSON of an object whose fields become globals. */
  globals: string
  timeoutMs: number
  memoryBytes: number
  outputBytes: number
}

export interface WrittenLine {
  /** Milliseconds of this machine's clock. */
  at: number
  level: Level
  text: string
}

export type CodeReply =
  | { id: number; ok: true; json: string; logs: WrittenLine[] }
  | {
      id: number
      ok: false
      reason: 'syntax' | 'threw' | 'timeout' | 'memory' | 'stack' | 'pending' | 'too_large' | 'not_json'
      text: string
      logs: WrittenLine[]
    }

/** `isFull`: so much memory was taken that only the thread's end gives it back at once. */
export type ThreadReply = CodeReply & { isFull: boolean }

type Failure = Extract<CodeReply, { ok: false }>['reason']

const levels = ['debug', 'info', 'warn', 'error'] as const
type Level = (typeof levels)[number]

const pageBytes = 65_536
const firstPages = 256
/** 512 KB aborts the whole module. */
const stackBytes = 192 * 1024
/** Of the module's stack, as much is wiped after a call as people's code may have reached. */
const deepestStack = 256 * 1024
const probeBytes = 1 << 20
const fullBytes = 32 * 1024 * 1024
const logLines = 200
const logLineLength = 2_000
const textLength = 4_000

const wasmModule = WebAssembly.compile(readFileSync(fileURLToPath(import.meta.resolve('@jitl/quickjs-ng-wasmfile-release-sync/wasm'))))

/**
 * Runs before people's code and keeps its own references, so that nothing they overwrite reaches the answer. Every call begins with the same
 * memory, so the numbers that are drawn by chance come from seeds of its own (the generator is sfc32).
 */
const prelude = `(log) => {
  const { parse, stringify } = JSON, { entries } = Object, { slice } = String.prototype, call = Function.prototype.call.bind(Function.prototype.call)
  const cut = (text, most) => call(slice, text, 0, most)
  const show = (value) => {
    try {
      if (typeof value === 'string') return value
      if (typeof value === 'object' && value !== null && !(value instanceof Error)) return stringify(value) ?? '' + value
      return typeof value === 'symbol' ? 'a symbol' : '' + value
    } catch { return 'a value that cannot be shown' }
  }
  const writer = (level) => (...values) => { let line = ''; for (let i = 0; i < values.length; i++) line += (i ? ' ' : '') + show(values[i]); log(level, cut(line, ${logLineLength})) }
  globalThis.console = { log: writer(1), info: writer(1), warn: writer(2), error: writer(3), debug: writer(0) }
  let a, b, c, d
  const draw = () => {
    const sum = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0, a = b ^ (b >>> 9), b = (c + (c << 3)) | 0, c = (c << 21) | (c >>> 11), c = (c + sum) | 0
    return sum >>> 0
  }
  Object.defineProperty(Math, 'random', { value: { random: () => ((draw() >>> 5) * 2 ** 26 + (draw() >>> 6)) / 2 ** 53 }.random })
  const writesAs = (type, toJSON) => Object.defineProperty(type.prototype, 'toJSON', { value: toJSON, writable: true, configurable: true })
  writesAs(Set, function () { return [...this] })
  writesAs(Map, function () { return Object.fromEntries(this) })
  return {
    begin: (text) => {
      const [seeds, values] = parse(text);
      [a, b, c, d] = seeds
      for (let i = 0; i < 12; i++) draw()
      for (const [name, value] of entries(values)) globalThis[name] = value
    },
    json: (value) => { const text = stringify(value); return text === undefined ? 'null' : text },
    describe: (thrown) => {
      try {
        if (thrown instanceof Error) return cut(thrown.name + ': ' + thrown.message + '\\n' + cut('' + (thrown.stack ?? ''), ${textLength}), ${textLength})
        if (thrown === undefined || thrown === null) return '' + thrown
        return cut(show(thrown), ${textLength})
      } catch { return 'a value that cannot be shown' }
    },
  }
}`

parentPort?.on('message', async (call: CodeCall) => {
  const instance = await instanceFor(call)
  const reply = runIn(instance, call)
  const bytes = instance.wasmMemory.buffer.byteLength
  parentPort?.postMessage({ ...reply, isFull: bytes > fullBytes } satisfies ThreadReply)
  // What stopped a call in its middle or made the memory grow goes away with the instance.
  const isWhole =
    !instance.call.isBroken && (reply.ok || reply.reason === 'threw' || reply.reason === 'syntax' || reply.reason === 'not_json')
  if (!isWhole || bytes > firstPages * pageBytes) return
  instance.restore()
  warm = instance
})

interface Instance {
  runtime: QuickJSRuntime
  vm: QuickJSContext
  tools: Record<'begin' | 'json' | 'describe', QuickJSHandle>
  /** What the call in hand may do, and what became of it. */
  call: { deadline: number; timedOut: boolean; isBroken: boolean; logs: WrittenLine[] }
  wasmMemory: WebAssembly.Memory
  maximum: number
  /** Makes the memory what it was before the first call, whatever people's code did there. */
  restore(): void
}

let warm: Instance | null = null

async function instanceFor({ memoryBytes }: CodeCall): Promise<Instance> {
  const maximum = Math.max(firstPages, Math.ceil(memoryBytes / pageBytes))
  const there = warm
  warm = null
  return there?.maximum === maximum ? there : await newInstance(maximum)
}

async function newModule(maximum: number): Promise<{ quickjs: QuickJSWASMModule; wasmMemory: WebAssembly.Memory }> {
  const wasmMemory = new WebAssembly.Memory({ initial: firstPages, maximum })
  return { quickjs: await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule: await wasmModule, wasmMemory })), wasmMemory }
}

async function newInstance(maximum: number): Promise<Instance> {
  const { quickjs, wasmMemory } = await newModule(maximum)
  const runtime = quickjs.newRuntime({ maxStackSizeBytes: stackBytes })
  const call: Instance['call'] = { deadline: Number.POSITIVE_INFINITY, timedOut: false, isBroken: false, logs: [] }
  runtime.setInterruptHandler(() => {
    call.timedOut ||= Date.now() > call.deadline
    return call.timedOut
  })
  const vm = runtime.newContext()
  const log = vm.newFunction('log', (level, line) => {
    const written = (by: Level, text: string) => call.logs.push({ at: Date.now(), level: by, text })
    if (call.logs.length < logLines) written(levels[vm.getNumber(level)] ?? 'info', vm.getString(line))
    else if (call.logs.length === logLines) written('warn', 'Further lines were left out.')
  })
  const prepare = vm.unwrapResult(vm.evalCode(prelude, 'prelude.js', { type: 'global' }))
  const made = vm.unwrapResult(vm.callFunction(prepare, vm.undefined, log))
  const tools = { begin: vm.getProp(made, 'begin'), json: vm.getProp(made, 'json'), describe: vm.getProp(made, 'describe') }
  return { runtime, vm, tools, call, wasmMemory, maximum, restore: restorer(wasmMemory, await heapEndWord) }
}

/**
 * Which 32-bit word of its memory the module keeps the end of its heap in. Of all words that grow by whole pages with an allocation it is
 * the one with the largest value: the others count bytes from where the heap begins.
 */
const heapEndWord: Promise<number> = (async () => {
  const { quickjs, wasmMemory } = await newModule(firstPages)
  const vm = quickjs.newContext()
  const before = new Uint32Array(wasmMemory.buffer.slice(0))
  vm.newString('x'.repeat(probeBytes)).dispose()
  const after = new Uint32Array(wasmMemory.buffer)
  let found = -1
  let most = 0
  for (let word = 0; word < after.length; word++) {
    const value = after[word] as number
    const grown = value - (before[word] as number)
    if (grown < probeBytes || grown % pageBytes !== 0 || value <= most || value > after.byteLength) continue
    found = word
    most = value
  }
  let used = before.length
  while (used > 0 && before[used - 1] === 0) used -= 1
  if (!((before[found] ?? 0) >= used * before.BYTES_PER_ELEMENT)) throw new Error('The heap of QuickJS ends where it was not looked for.')
  return found
})()

function restorer({ buffer }: WebAssembly.Memory, endWord: number): () => void {
  const bytes = new Uint8Array(buffer)
  const words = new Uint32Array(buffer)
  const end = words[endWord] as number
  const stack = longestEmptyPart(bytes.subarray(0, end))
  const data = bytes.slice(0, stack.from)
  const heapFrom = Math.max(stack.from, stack.to - deepestStack)
  const heap = bytes.slice(heapFrom, end)
  return () => {
    const reached = words[endWord] as number
    bytes.set(data, 0)
    bytes.set(heap, heapFrom)
    if (reached > end) bytes.fill(0, end, reached)
  }
}

/** Between the module's own data and its heap lies its stack, nearly all of which was never used. */
function longestEmptyPart(bytes: Uint8Array): { from: number; to: number } {
  let longest = { from: 0, to: 0 }
  let from = 0
  for (let at = 0; at <= bytes.length; at++) {
    if (bytes[at] === 0) continue
    if (at - from > longest.to - longest.from) longest = { from, to: at }
    from = at + 1
  }
  return longest
}

function runIn({ runtime, vm, tools: { begin, json, describe }, call: now, wasmMemory, maximum }: Instance, call: CodeCall): CodeReply {
  const logs: WrittenLine[] = []
  Object.assign(now, { deadline: Date.now() + call.timeoutMs, timedOut: false, isBroken: false, logs })
  const fail = (reason: Failure, text: string): CodeReply => ({ id: call.id, ok: false, reason, text, logs })
  const isFull = (): boolean => wasmMemory.buffer.byteLength >= maximum * pageBytes * 0.75
  try {
    const seeds = crypto.getRandomValues(new Int32Array(4)).join()
    vm.unwrapResult(vm.callFunction(begin, vm.undefined, vm.newString(`[[${seeds}],${call.globals}]`)))

    const failWith = (thrown: QuickJSHandle): CodeReply => {
      if (now.timedOut) return fail('timeout', '')
      const said = vm.callFunction(describe, vm.undefined, thrown)
      if (now.timedOut) return fail('timeout', '')
      const text = said.error ? 'a value that cannot be shown' : vm.getString(said.value)
      if (/^InternalError: out of memory/.test(text) || (text === 'null' && isFull())) return fail('memory', '')
      if (/^(InternalError: stack overflow|RangeError: Maximum call stack)/.test(text)) return fail('stack', '')
      return fail(/^SyntaxError: /.test(text) ? 'syntax' : 'threw', text)
    }

    const started = vm.evalCode(`(async () => {${call.source}\n})()`, 'code.js', { type: 'global', strict: true })
    if (started.error) return failWith(started.error)
    for (;;) {
      const state = vm.getPromiseState(started.value)
      if (state.type === 'rejected') return failWith(state.error)
      if (state.type === 'fulfilled') {
        const written = vm.callFunction(json, vm.undefined, state.value)
        if (written.error) {
          const failed = failWith(written.error)
          return failed.ok || failed.reason !== 'threw' ? failed : fail('not_json', failed.text)
        }
        if ((vm.getLength(written.value) ?? 0) > call.outputBytes) return fail('too_large', '')
        const text = vm.getString(written.value)
        return Buffer.byteLength(text) > call.outputBytes ? fail('too_large', '') : { id: call.id, ok: true, json: text, logs }
      }
      if (!runtime.hasPendingJob()) return fail(isFull() ? 'memory' : 'pending', '')
      const jobs = runtime.executePendingJobs(100)
      if (jobs.error) return failWith(jobs.error)
      now.timedOut ||= Date.now() > now.deadline
      if (now.timedOut) return fail('timeout', '')
    }
  } catch (error) {
    now.isBroken = true
    if (now.timedOut) return fail('timeout', '')
    // What reaches us here broke the module itself, and only a full memory does that.
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return fail(isFull() || /memory|OOM|Aborted|unreachable/i.test(text) ? 'memory' : 'threw', text.slice(0, textLength))
  }
}
