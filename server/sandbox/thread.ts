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
  Scope,
} from 'quickjs-emscripten-core'

export interface CodeCall {
  id: number
  source: string
  /** JSON of an object whose fields become globals. */
  globals: string
  timeoutMs: number
  memoryBytes: number
  outputBytes: number
  /** Calls of the same slice of a run may share an instance, each in a context of its own; null shares with nobody. */
  slice: string | null
}

export type CodeReply =
  | { id: number; ok: true; json: string; logs: string[] }
  | {
      id: number
      ok: false
      reason: 'syntax' | 'threw' | 'timeout' | 'memory' | 'stack' | 'pending' | 'too_large' | 'not_json'
      text: string
      logs: string[]
    }

type Failure = Extract<CodeReply, { ok: false }>['reason']

const pageBytes = 65_536
const firstPages = 256
/** 512 KB aborts the whole module. */
const stackBytes = 192 * 1024
const logLines = 200
const logLineLength = 2_000
const textLength = 4_000

const wasmModule = WebAssembly.compile(readFileSync(fileURLToPath(import.meta.resolve('@jitl/quickjs-ng-wasmfile-release-sync/wasm'))))

/** Runs before people's code and keeps its own references, so that nothing they overwrite reaches the answer. */
const prelude = `(() => {
  const { stringify } = JSON, { slice } = String.prototype, call = Function.prototype.call.bind(Function.prototype.call)
  const cut = (text, most) => call(slice, text, 0, most)
  const show = (value) => {
    try {
      if (typeof value === 'string') return value
      if (typeof value === 'object' && value !== null && !(value instanceof Error)) return stringify(value) ?? '' + value
      return typeof value === 'symbol' ? 'a symbol' : '' + value
    } catch { return 'a value that cannot be shown' }
  }
  return {
    json: (value) => { const text = stringify(value); return text === undefined ? 'null' : text },
    describe: (thrown) => {
      try {
        if (thrown instanceof Error) return cut(thrown.name + ': ' + thrown.message + '\\n' + cut('' + (thrown.stack ?? ''), ${textLength}), ${textLength})
        if (thrown === undefined || thrown === null) return '' + thrown
        return cut(show(thrown), ${textLength})
      } catch { return 'a value that cannot be shown' }
    },
    console: (log) => {
      const write = (...values) => { let line = ''; for (let i = 0; i < values.length; i++) line += (i ? ' ' : '') + show(values[i]); log(cut(line, ${logLineLength})) }
      globalThis.console = { log: write, info: write, warn: write, error: write, debug: write }
    },
  }
})()`

parentPort?.on('message', async (call: CodeCall) => {
  parentPort?.postMessage(await run(call))
})

interface Instance {
  runtime: QuickJSRuntime
  wasmMemory: WebAssembly.Memory
  maximum: number
}

/** Instances of slices that may go on, the one that was used last at the end. */
const kept = new Map<string, Instance>()
const mostKept = 8

async function instanceFor({ slice, memoryBytes }: CodeCall): Promise<Instance> {
  const maximum = Math.max(firstPages, Math.ceil(memoryBytes / pageBytes))
  const there = slice === null ? undefined : kept.get(slice)
  if (slice !== null) kept.delete(slice)
  if (there?.maximum === maximum) return there
  const wasmMemory = new WebAssembly.Memory({ initial: firstPages, maximum })
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule: await wasmModule, wasmMemory }))
  return { runtime: quickjs.newRuntime({ maxStackSizeBytes: stackBytes }), wasmMemory, maximum }
}

/** What a call filled, broke or left running goes away with its instance. */
function keep({ slice }: CodeCall, reply: CodeReply, instance: Instance): void {
  const isSound = reply.ok || reply.reason === 'threw' || reply.reason === 'syntax' || reply.reason === 'not_json'
  if (slice === null || !isSound || instance.wasmMemory.buffer.byteLength > firstPages * pageBytes || instance.runtime.hasPendingJob())
    return
  kept.set(slice, instance)
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) break
    kept.delete(oldest)
  }
}

async function run(call: CodeCall): Promise<CodeReply> {
  const scope = new Scope()
  const instance = await instanceFor(call)
  const reply = runIn(instance, call, scope)
  try {
    // The context goes last: everything else in the scope lives in it.
    scope.dispose()
    keep(call, reply, instance)
  } catch {
    // It was broken, so nobody uses it again.
  }
  return reply
}

function runIn({ runtime, wasmMemory, maximum }: Instance, call: CodeCall, scope: Scope): CodeReply {
  const logs: string[] = []
  const fail = (reason: Failure, text: string): CodeReply => ({ id: call.id, ok: false, reason, text, logs })
  const isFull = (): boolean => wasmMemory.buffer.byteLength >= maximum * pageBytes * 0.75
  const own = <T extends QuickJSHandle>(handle: T): T => scope.manage(handle)
  const deadline = Date.now() + call.timeoutMs
  let timedOut = false
  try {
    runtime.setInterruptHandler(() => {
      timedOut ||= Date.now() > deadline
      return timedOut
    })
    const vm = scope.manage(runtime.newContext())
    const tools = own(vm.unwrapResult(vm.evalCode(prelude, 'prelude.js', { type: 'global' })))
    const toJson = own(vm.getProp(tools, 'json'))
    const describe = own(vm.getProp(tools, 'describe'))
    const newLog = vm.newFunction('log', (line) => {
      if (logs.length < logLines) logs.push(vm.getString(line))
      else if (logs.length === logLines) logs.push('… further lines were left out.')
    })
    const log = own(newLog)
    own(vm.unwrapResult(vm.callFunction(own(vm.getProp(tools, 'console')), vm.undefined, log)))
    setGlobals(vm, call.globals, own)

    const failWith = (thrown: QuickJSHandle): CodeReply => {
      if (timedOut) return fail('timeout', '')
      const said = vm.callFunction(describe, vm.undefined, own(thrown))
      own(said.error ?? said.value)
      if (timedOut) return fail('timeout', '')
      const text = said.error ? 'a value that cannot be shown' : vm.getString(said.value)
      if (/^InternalError: out of memory/.test(text) || (text === 'null' && isFull())) return fail('memory', '')
      if (/^(InternalError: stack overflow|RangeError: Maximum call stack)/.test(text)) return fail('stack', '')
      return fail(/^SyntaxError: /.test(text) ? 'syntax' : 'threw', text)
    }

    const started = vm.evalCode(`(async () => {${call.source}\n})()`, 'code.js', { type: 'global', strict: true })
    if (started.error) return failWith(started.error)
    own(started.value)
    for (;;) {
      const state = vm.getPromiseState(started.value)
      if (state.type === 'rejected') return failWith(state.error)
      if (state.type === 'fulfilled') {
        const written = vm.callFunction(toJson, vm.undefined, own(state.value))
        if (written.error) {
          const failed = failWith(written.error)
          return failed.ok || failed.reason !== 'threw' ? failed : fail('not_json', failed.text)
        }
        own(written.value)
        if ((vm.getLength(written.value) ?? 0) > call.outputBytes) return fail('too_large', '')
        const json = vm.getString(written.value)
        return Buffer.byteLength(json) > call.outputBytes ? fail('too_large', '') : { id: call.id, ok: true, json, logs }
      }
      if (!runtime.hasPendingJob()) return fail(isFull() ? 'memory' : 'pending', '')
      const jobs = runtime.executePendingJobs(100)
      if (jobs.error) return failWith(jobs.error)
      timedOut ||= Date.now() > deadline
      if (timedOut) return fail('timeout', '')
    }
  } catch (error) {
    if (timedOut) return fail('timeout', '')
    // What reaches us here broke the module itself, and only a full memory does that.
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return fail(isFull() || /memory|OOM|Aborted|unreachable/i.test(text) ? 'memory' : 'threw', text.slice(0, textLength))
  }
}

function setGlobals(vm: QuickJSContext, json: string, own: (handle: QuickJSHandle) => QuickJSHandle): void {
  const parse = own(vm.unwrapResult(vm.evalCode('JSON.parse')))
  const globals = own(vm.unwrapResult(vm.callFunction(parse, vm.undefined, own(vm.newString(json)))))
  const assign = own(
    vm.unwrapResult(vm.evalCode('(values) => { for (const name of Object.keys(values)) globalThis[name] = values[name] }')),
  )
  own(vm.unwrapResult(vm.callFunction(assign, vm.undefined, globals)))
}
