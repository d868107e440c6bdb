import { afterAll, describe, expect, it } from 'vitest'
import type { Json } from '@/workflows/graph/schema'
import { NodeError, type StepError } from '@/workflows/nodes/errors'
import type { LogLine } from '@/workflows/nodes/log-line'
import { createCodeRunner } from './run-code'

const runner = createCodeRunner({ threads: 1 })
afterAll(() => runner.close())

function run(
  source: string,
  {
    signal = new AbortController().signal,
    timeoutMs = 10_000,
    ...globals
  }: { signal?: AbortSignal; timeoutMs?: number; [name: string]: unknown } = {},
) {
  return runner.run({
    source,
    globals: { input: null, ...(globals as Record<string, Json>) },
    timeoutMs,
    memoryBytes: 48 * 1024 * 1024,
    outputBytes: 100_000,
    signal,
  })
}

const saidBy = (logs: readonly LogLine[]) => logs.map(({ level, text }) => [level, text])

async function failureOf(source: string, timeoutMs?: number): Promise<StepError> {
  const error = await run(source, timeoutMs === undefined ? {} : { timeoutMs }).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof NodeError) return error.step
  throw new Error(`It did not fail: ${String(error)}`)
}

describe('code', () => {
  it('reads its globals and returns what it returns', async () => {
    expect(await run('return { sum: input.a + values.b, later: await Promise.resolve(3) }', { input: { a: 1 }, values: { b: 2 } })).toEqual(
      {
        value: { sum: 3, later: 3 },
        logs: [],
      },
    )
  })
  it('that returns nothing returns null', async () => {
    expect((await run('')).value).toBeNull()
    expect((await run('return () => 1')).value).toBeNull()
  })
  it('logs, each line with the level of what wrote it', async () => {
    const source =
      "console.log('a', { b: 1 }, null, undefined, Symbol('x')); console.error(1); for (const by of ['debug', 'info', 'warn']) console[by](by)"
    expect(saidBy((await run(source)).logs)).toEqual([
      ['info', 'a {"b":1} null undefined a symbol'],
      ['error', '1'],
      ['debug', 'debug'],
      ['info', 'info'],
      ['warn', 'warn'],
    ])
  })
  it('logs when each line was written, whatever the code makes of its clock', async () => {
    const from = Date.now()
    const source = "Date.now = () => 0; Date = null; console.log('a'); for (let i = 0; i < 3e5; i++) Math.sqrt(i); console.log('b')"
    const { logs } = await run(source)
    const [first = 0, second = 0] = logs.map(({ at }) => Date.parse(at))
    expect(logs.map(({ at }) => at)).toEqual([new Date(first).toISOString(), new Date(second).toISOString()])
    expect(from <= first && first < second && second <= Date.now()).toBe(true)
  })
  it('logs no more than 200 lines', async () => {
    const { logs } = await run("for (let i = 0; i < 1000; i++) console.error('x'.repeat(5000))")
    expect(logs).toHaveLength(201)
    expect(logs[0]?.text).toHaveLength(2_000)
    expect(logs[200]).toMatchObject({ level: 'warn', text: 'Further lines were left out.' })
  })
  it('that fails says what it logged until then', async () => {
    const thrown = await run("console.warn('so far'); throw new Error('no')").catch((error: NodeError) => error)
    expect(thrown).toMatchObject({ logs: [{ level: 'warn', text: 'so far' }], step: { details: { logs: ['so far'] } } })
  })
  it('finds nothing of the machine', async () => {
    const names = [
      'process',
      'require',
      'fetch',
      'globalThis.Worker',
      'setTimeout',
      'Deno',
      'Bun',
      'std',
      'os',
      'bjson',
      'XMLHttpRequest',
      'WebAssembly',
    ]
    const { value } = await run(`return [${names.map((name) => `typeof ${name}`).join(', ')}]`)
    expect(value).toEqual(names.map(() => 'undefined'))
    expect(await failureOf("return await import('node:fs')")).toMatchObject({ class: 'bad_data' })
  })
  it('leaves nothing behind for the next call', async () => {
    await run('globalThis.left = 1; Object.prototype.left = 1; JSON.stringify = () => "{}"; Array.prototype.map = null; return 1')
    expect((await run('return [typeof left, typeof {}.left, [1].map((x) => x + 1)]')).value).toEqual(['undefined', 'undefined', [2]])
    expect(({} as Record<string, unknown>).left).toBeUndefined()
  })
  it('cannot reach our prototypes through what it returns', async () => {
    const { value } = await run(
      `return JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "a": 1}')`,
    )
    expect(value).toEqual({ a: 1 })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('code behind other code', () => {
  it('draws other numbers by chance than the code before it', async () => {
    const draw = 'const all = Array.from({ length: 1000 }, Math.random); return { all, name: Math.random.name }'
    const [one, two] = [(await run(draw)).value, (await run(draw)).value] as { all: number[]; name: string }[]
    expect(one?.name).toBe('random')
    expect(new Set([...(one?.all ?? []), ...(two?.all ?? [])]).size).toBe(2_000)
    for (const value of one?.all ?? []) expect(value >= 0 && value < 1).toBe(true)
    expect(Math.abs((one?.all ?? []).reduce((sum, value) => sum + value, 0) / 1_000 - 0.5)).toBeLessThan(0.06)
  })
  it('writes lines through a console that is new', async () => {
    expect(saidBy((await run("console.log('first'); console = null; return 1")).logs)).toEqual([['info', 'first']])
    expect(saidBy((await run("console.log('second')")).logs)).toEqual([['info', 'second']])
  })
  it('is not hindered by what the call before it left running', async () => {
    expect((await run('void (async () => { for (;;) await 0 })(); return 1', { timeoutMs: 1_000 })).value).toBe(1)
    expect((await run('return await Promise.resolve(2)', { timeoutMs: 1_000 })).value).toBe(2)
  })
  it('goes on after calls that failed, ran out of time or out of memory', async () => {
    await expect(run('throw new Error("x")')).rejects.toMatchObject({ step: { code: 'code.threw' } })
    await expect(run('for (;;) {}', { timeoutMs: 100 })).rejects.toMatchObject({ step: { code: 'code.timeout' } })
    await expect(run('const all = []; for (;;) all.push(new Array(1000).fill(7))')).rejects.toMatchObject({
      step: { code: 'code.memory' },
    })
    expect((await run('return input + 1', { input: 1 })).value).toBe(2)
  })
  it('is computed many times without filling its memory', async () => {
    for (let call = 0; call < 300; call++) expect((await run('return input.length', { input: 'x'.repeat(50_000) })).value).toBe(50_000)
  })
})

describe('code that does harm to itself only', () => {
  it.each([
    ['for (;;) {}', 'code.timeout'],
    ['try { for (;;) {} } catch { return 1 } finally { for (;;) {} }', 'code.timeout'],
    ['return 1 })(); (async () => { for (;;) {}', 'code.timeout'],
    ["return /(a+)+$/.test('a'.repeat(50) + 'b')", 'code.timeout'],
    ['throw { get message() { return 1 }, toString() { for (;;) {} }, toJSON() { for (;;) {} } }', 'code.timeout'],
    ['return { toJSON() { for (;;) {} } }', 'code.timeout'],
    ['const all = []; for (;;) all.push(new Array(1000).fill(7))', 'code.memory'],
    ['return new Uint8Array(1e9).length', 'code.memory'],
    ["return 'a'.padEnd(5e8).length", 'code.memory'],
    ['const again = () => again() + 1; return again()', 'code.stack'],
    ['await new Promise(() => {})', 'code.pending'],
    ["return 'x'.repeat(200000)", 'code.too_large'],
    ['const a = {}; a.a = a; return a', 'code.not_json'],
    ['return 10n', 'code.not_json'],
    ['return (', 'code.syntax'],
    ['let let = 1', 'code.syntax'],
    ['throw null', 'code.threw'],
    ['throw undefined', 'code.threw'],
    ['throw { a: 1 }', 'code.threw'],
    ["throw 'x'.repeat(1e6)", 'code.threw'],
    ["throw Symbol('x')", 'code.threw'],
    ['throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 1 } })', 'code.threw'],
    ["const error = new Error('x'); Object.defineProperty(error, 'stack', { get() { throw 5 } }); throw error", 'code.threw'],
    ['return missing.name', 'code.threw'],
    ['const again = () => Promise.resolve().then(again); await again()', 'code.timeout'],
    ['Object.prototype.toJSON = function () { for (;;) {} }; return { a: 1 }', 'code.timeout'],
    ['return { get a() { for (;;) {} } }', 'code.timeout'],
    ["return new Proxy([], { get: (_, name) => (name === 'length' ? 1e15 : 1) })", 'code.timeout'],
    ["eval('for (;;) {}')", 'code.timeout'],
    ["return new Function('for (;;) {}')()", 'code.timeout'],
    ['class A { static { for (;;) {} } }', 'code.timeout'],
    ["return JSON.parse('['.repeat(100000) + ']'.repeat(100000))", 'code.stack'],
    ['let a = []; for (let i = 0; i < 200; i++) a = [a]; return a', 'code.not_json'],
    ["let s = 'x'; for (;;) s += s", 'code.threw'],
    ["return 'x'.repeat(2 ** 29)", 'code.memory'],
    ['return new SharedArrayBuffer(1e9).byteLength', 'code.memory'],
  ])('%s', async (source, code) => {
    const error = await failureOf(source, code === 'code.timeout' ? 250 : undefined)
    expect(error.code).toBe(code)
    expect(error.message.length).toBeLessThan(700)
    expect(error.hint).toBeTruthy()
  })
  it('is told the line', async () => {
    expect((await failureOf('\n\nmissing()')).message).toBe('The code failed in line 3: ReferenceError: missing is not defined')
  })
  it.each([
    ['Object.prototype.then = (done) => done(1); return { a: 1 }', 1],
    ['globalThis.Promise = class { then() { for (;;) {} } }; return 1', 1],
    ['Array.prototype[Symbol.iterator] = null; Function.prototype.call = null; return [1]', [1]],
    ['new FinalizationRegistry(() => { for (;;) {} }).register({}, 1); return 1', 1],
    ['return { __proto__: null, b: 1e400, c: NaN, d: undefined, e: 2 ** 53 }', { b: null, c: null, e: '9007199254740992' }],
    ["return [new Set([1]), new Map([['a', new Set([2])]]), new Date(0)]", [[1], { a: [2] }, '1970-01-01T00:00:00.000Z']],
    ["return '\\ud800\\u0000'", '\uFFFD\uFFFD'],
  ])('%s', async (source, value) => {
    expect((await run(source)).value).toEqual(value)
    expect((await run('return [1].map((x) => x + 1)')).value).toEqual([2])
    expect(Object.keys(Object.prototype)).toEqual([])
  })
  it('does not hinder the code after it', async () => {
    await failureOf('const all = []; for (;;) all.push(new Array(1000).fill(7))')
    expect((await run('return 1 + 1')).value).toBe(2)
  })
})

describe('the threads', () => {
  it('take calls in turn when there are more calls than threads', async () => {
    const answers = await Promise.all([1, 2, 3, 4, 5].map((input) => run('return input * 2', { input })))
    expect(answers.map((answer) => answer.value)).toEqual([2, 4, 6, 8, 10])
  })
  it('are not all taken by the endless code of one owner', async () => {
    const runner = createCodeRunner({ threads: 1 })
    const hog = new AbortController()
    const call = (source: string, { signal } = new AbortController()) => ({
      ...{ source, globals: {}, timeoutMs: 10_000, signal },
      ...{ memoryBytes: 64 * 1024 * 1024, outputBytes: 1_000 },
    })
    let over = 0
    const count = () => {
      over += 1
    }
    const stuck = [1, 2, 3].map(() => runner.run(call('while (true) {}', hog), 'hog').catch(count))
    for (const value of [1, 2, 3]) expect((await runner.run(call(`return ${value}`), 'other')).value).toBe(value)
    expect(over).toBe(0)
    hog.abort()
    await Promise.all(stuck)
    await runner.close()
  }, 20_000)
  it('are ended when the call is stopped, and others take over', async () => {
    const stop = new AbortController()
    const endless = run('for (;;) {}', { signal: stop.signal, timeoutMs: 60_000 })
    const waiting = run('return 7')
    stop.abort()
    await expect(endless).rejects.toMatchObject({ step: { class: 'cancelled' } })
    expect((await waiting).value).toBe(7)
  })
  it('do not start a call that was stopped while it waited', async () => {
    const stop = new AbortController()
    const first = run('let x = 0; for (let i = 0; i < 1e5; i++) x += i; return 1')
    const second = run('return 2', { signal: stop.signal })
    stop.abort()
    await expect(second).rejects.toMatchObject({ step: { class: 'cancelled' } })
    expect((await first).value).toBe(1)
  })
  it('are ended after code that took much memory, and others take over', async () => {
    const [one, two] = await Promise.all([run('return new Uint8Array(25e6).fill(1).length'), run('return 2')])
    expect([one.value, two.value]).toEqual([25e6, 2])
    expect((await run('return 3')).value).toBe(3)
  })
  it('that hang beyond their own time are ended from outside', async () => {
    const hanging = createCodeRunner({ threads: 1, graceMs: 20, threadUrl: new URL('data:text/javascript,setInterval(()=>{},1000)') })
    const call = { source: '', globals: {}, timeoutMs: 10, memoryBytes: 1, outputBytes: 1, signal: new AbortController().signal }
    await expect(hanging.run(call)).rejects.toMatchObject({ step: { code: 'code.timeout' } })
    await hanging.close()
  })
})
