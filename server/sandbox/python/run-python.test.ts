import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '@/workflows/graph/schema'
import { NodeError, type StepError } from '@/workflows/nodes/errors'
import { choose, type FoundPython } from './find-python-sandbox'
import { namespaceSandboxes } from './namespaces'
import { createPythonRunner } from './run-python'

describe('Python in namespaces', () => {
  let found: FoundPython
  let runner: ReturnType<typeof createPythonRunner>
  beforeAll(async () => {
    found = await choose(namespaceSandboxes())
    runner = createPythonRunner({ find: async () => found })
  }, 60_000)

  interface More {
    signal?: AbortSignal
    timeoutMs?: number
    [name: string]: unknown
  }
  function run(source: string, { signal = new AbortController().signal, timeoutMs = 10_000, ...globals }: More = {}) {
    const limits = { timeoutMs, memoryBytes: 128 * 1024 * 1024, outputBytes: 100_000 }
    return runner.run({ source, globals: { input: null, ...(globals as Record<string, Json>) }, signal, ...limits })
  }
  const saidBy = async (source: string) => (await run(source)).logs.map(({ level, text }) => [level, text])
  const answerTo = async (source: string, more?: More) => (await run(source, more)).value
  async function failureOf(source: string, more?: More): Promise<StepError> {
    const thrown = await run(source, more).then(
      (answer) => answer,
      (error: unknown) => error,
    )
    if (thrown instanceof NodeError) return thrown.step
    throw new Error(`It did not fail: ${JSON.stringify(thrown)}`)
  }
  /** What an attempt came to: the name of what refused it, or what it got. */
  const attempt = (action: string) =>
    answerTo(
      [
        'import os, socket, sys, ctypes, subprocess, threading',
        'try:',
        `    return str(${action})`,
        'except BaseException as e:',
        '    return "refused: " + type(e).__name__',
      ].join('\n'),
    )

  it('is held by this machine', () => {
    // A machine without it says so in npm run doctor; what follows would prove nothing there.
    expect(found).toMatchObject({ ok: true, sandbox: { kind: 'namespaces' } })
  })

  describe('does what it says', () => {
    it('reads its globals and returns what it returns', async () => {
      const source =
        'total = input["a"] + values["b"]\nreturn {"total": total, "trigger": trigger, "var": vars["v"], "at": index, "item": item}'
      const given = { input: { a: 1 }, values: { b: 2 }, trigger: 't', vars: { v: true }, index: 0, item: null }
      expect(await run(source, given)).toEqual({ value: { total: 3, trigger: 't', var: true, at: 0, item: null }, logs: [] })
    })
    it('returns nothing as null, also from no code at all', async () => {
      expect(await answerTo('')).toBeNull()
      expect(await answerTo('# only words')).toBeNull()
      expect(await answerTo('x = 1')).toBeNull()
    })
    it('may give its inputs other values, keep texts of several lines and define functions that call themselves', async () => {
      const source =
        'input = input + 1\ntext = """a\n  b"""\ndef down(n):\n    return 0 if n == 0 else down(n - 1)\nreturn [input, text, down(3), [input * n for n in range(3)]]'
      expect(await answerTo(source, { input: 1 })).toEqual([2, 'a\n  b', 0, [0, 2, 4]])
    })
    it('has the standard library, and its event loop', async () => {
      const source =
        'import asyncio, datetime, decimal, re, statistics\nasync def later():\n    await asyncio.sleep(0)\n    return 3\nreturn [statistics.median([1, 2, 9]), re.findall("b+", "abba"), datetime.date(2026, 1, 2), sorted({2, 1}), asyncio.run(later())]'
      expect(await answerTo(source)).toEqual([2, ['bb'], '2026-01-02', [1, 2], 3])
    })
    it('hands on whole numbers that are not exact as text, and characters that cannot be stored as a sign', async () => {
      expect(await answerTo('return [2**80, "a\\x00b", "\\ud800", -0.0, {"__proto__": 1, "a": 2}]')).toEqual([
        '1208925819614629174706176',
        'a\uFFFDb',
        '\uFFFD',
        -0,
        { a: 2 },
      ])
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    })
    it('logs what is printed, no more than 200 lines of 2,000 characters', async () => {
      expect(await saidBy('import sys\nprint("a", {"b": 1})\nprint("é\\nü", end="")\nprint("!", file=sys.stderr)')).toEqual([
        ['info', "a {'b': 1}"],
        ['info', 'é'],
        ['warn', '!'],
        ['info', 'ü'],
      ])
      const { logs } = await run('for n in range(1000): print("U0001F600" * 5000)')
      expect(logs).toHaveLength(201)
      expect(logs[0]?.text).toHaveLength(2_000)
      expect(logs[200]).toMatchObject({ level: 'warn', text: 'Further lines were left out.' })
    })
    it('keeps the levels of logging, also of loggers and handlers of its own', async () => {
      const all = 'for by in (logging.debug, logging.info, logging.warning, logging.error, logging.critical): by("it is %s", 1)'
      expect(await saidBy(`import logging\n${all}`)).toEqual(['debug', 'info', 'warn', 'error', 'error'].map((level) => [level, 'it is 1']))
      expect(await saidBy(`import logging\nlogging.basicConfig(level=logging.ERROR)\n${all}`)).toEqual([
        ['error', 'it is 1'],
        ['error', 'it is 1'],
      ])
      const named = [
        'import logging, sys',
        'logging.basicConfig(format="%(name)s: %(message)s", stream=sys.stdout)',
        'log = logging.getLogger("orders")',
        'log.info("two")',
        'try:',
        '    1 / 0',
        'except ZeroDivisionError:',
        '    log.exception("cannot be\\ndivided")',
      ]
      expect(await saidBy(named.join('\n'))).toEqual([
        ['info', 'orders: two'],
        [
          'error',
          expect.stringMatching(
            /^orders: cannot be\ndivided\nTraceback.*line 6, in step\n {4}1 \/ 0\n.*ZeroDivisionError: division by zero$/s,
          ),
        ],
      ])
    })
    it('leaves out what libraries say of themselves', async () => {
      const source =
        'import asyncio, logging, warnings\nasync def later(): logging.info("later")\nasyncio.run(later())\nwarnings.warn("old")'
      expect(await saidBy(source)).toEqual([
        ['info', 'later'],
        ['warn', 'code.py:4: UserWarning: old'],
        ['warn', '  warnings.warn("old")'],
      ])
    })
    it('says when each line was written, never before the call nor after it', async () => {
      const from = Date.now()
      const { logs } = await run('import time\nprint(1)\ntime.sleep(0.05)\nprint(2)')
      const [first = 0, second = 0] = logs.map(({ at }) => Date.parse(at))
      expect(logs.map(({ at }) => at)).toEqual([new Date(first).toISOString(), new Date(second).toISOString()])
      expect(from <= first && first + 45 <= second && second <= Date.now()).toBe(true)
      const forged = await run(String.raw`import os
os.write(1, b'["error",0,"long ago"]\n["warn",1e99,"to come"]\n["info",null,"never"]\nplain\n["info",1,"cut')`)
      expect(forged.logs.map(({ level, text }) => [level, text])).toEqual([
        ['error', 'long ago'],
        ['warn', 'to come'],
        ['info', '["info",null,"never"]'],
        ['info', 'plain'],
      ])
      for (const { at } of forged.logs) expect(Date.parse(at) >= from && Date.parse(at) <= Date.now()).toBe(true)
    })
    it('leaves nothing behind for the next call', async () => {
      await run('import builtins, json\nbuiltins.left = 1\njson.dumps = None\nopen("/tmp/left", "w").write("x")')
      expect(await answerTo('import os\nreturn ["left" in dir(__builtins__), os.listdir("/tmp")]')).toEqual([false, []])
    })
    it.each([
      ['\n\nmissing()', 'The code failed in line 3: NameError: name ‘missing’ is not defined', 'code.threw'],
      ['def f():\n    return 1 / 0\nreturn f()', 'The code failed in line 2: ZeroDivisionError', 'code.threw'],
      ['x = 1\nreturn (', 'The code cannot be read in line 2', 'code.syntax'],
    ])('names the line: %j', async (source, message, code) => {
      const error = await failureOf(source)
      expect(error.code).toBe(code)
      expect(error.message.replaceAll("'", '‘').replace('‘missing‘', '‘missing’')).toContain(message)
    })
    it('fails with the lines that it printed', async () => {
      const thrown = await run('print("so far")\nraise ValueError("no")').catch((error: NodeError) => error)
      expect(thrown).toMatchObject({ logs: [{ level: 'info', text: 'so far' }], step: { details: { logs: ['so far'] } } })
      expect((await failureOf('print("so far")\nwhile True: pass', { timeoutMs: 1_000 })).details).toEqual({ logs: ['so far'] })
    })
    it('takes calls in turn, and none that was stopped while it waited', async () => {
      const stop = new AbortController()
      const calls = [1, 2, 3, 4].map((input) => answerTo('return input * 2', { input }))
      const stopped = run('return 1', { signal: stop.signal })
      stop.abort()
      await expect(stopped).rejects.toMatchObject({ step: { class: 'cancelled' } })
      expect(await Promise.all(calls)).toEqual([2, 4, 6, 8])
    })
  })

  describe('is contained', () => {
    const secret = mkdtempSync(path.join(tmpdir(), 'outside-'))
    writeFileSync(path.join(secret, 'secret'), 'treasure', { mode: 0o666 })
    afterEach(() => expect(readdirSync(secret)).toEqual(['secret']))

    it('from files outside', async () => {
      for (const file of [path.join(secret, 'secret'), '/etc/passwd', '/etc/hostname', process.execPath, import.meta.filename])
        expect(await attempt(`open(${JSON.stringify(file)}).read()`)).toMatch(/^refused/)
      for (const folder of ['/home', '/root', '/var', '/work', '/old/etc', '/proc/1/root/etc', '/proc/self/cwd'])
        expect(await attempt(`os.listdir(${JSON.stringify(folder)})`)).not.toMatch(/[a-z]\w*'\]?$/)
      for (const file of ['/usr/lib/left', '/left', '/dev/left', path.join(secret, 'left'), '/bin/left'])
        expect(await attempt(`open(${JSON.stringify(file)}, "w")`)).toMatch(/^refused/)
      expect(await attempt('os.chroot("/")')).toMatch(/^refused/)
    })
    it('from the network, also of this machine', async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await new Promise((resolve) => server.once('listening', resolve))
      const { port } = server.address() as { port: number }
      let calls = 0
      server.on('connection', () => calls++)
      expect(await attempt(`socket.create_connection(("127.0.0.1", ${port}), 1)`)).toMatch(/^refused/)
      expect(await attempt('socket.getaddrinfo("example.com", 80)')).toMatch(/^refused/)
      expect(await attempt('socket.socket(socket.AF_UNIX).connect("\\0abstract")')).toMatch(/^refused/)
      expect(await attempt('__import__("urllib.request").request.urlopen("http://example.com")')).toMatch(/^refused/)
      expect(calls).toBe(0)
      server.close()
    })
    it('from the environment and from other processes', async () => {
      process.env.MILLRACE_TEST_CANARY = 'canary-4711'
      expect(await attempt('dict(os.environ)')).not.toContain('canary-4711')
      expect(await attempt('open("/proc/self/environ").read()')).not.toContain('canary-4711')
      expect(await attempt('open("/proc/1/environ").read()')).toMatch(/^refused/)
      expect(await attempt('[name for name in os.listdir("/proc") if name.isdigit()]')).toMatch(/^(refused|\[('self')?\])/)
      expect(await attempt(`os.kill(${process.pid}, 0)`)).toMatch(/^refused/)
      expect(await attempt('os.kill(-1, 0)')).toMatch(/^(refused|None)/)
      delete process.env.MILLRACE_TEST_CANARY
    })
    it('from other processes of its own: no fork, no program, no thread', async () => {
      for (const action of [
        'os.fork()',
        'subprocess.run(["/bin/true"])',
        'os.system("true") or os.strerror(1)',
        'os.posix_spawn("/bin/true", ["true"], {})',
      ])
        expect(await attempt(action)).not.toBe('0')
      expect(await attempt('threading.Thread(target=print).start()')).toMatch(/^refused/)
      const bomb = 'import os\nwhile True:\n    try: os.fork()\n    except BaseException: pass'
      expect((await failureOf(bomb, { timeoutMs: 1_000 })).code).toBe('code.timeout')
    })
    it('from the memory of the machine', async () => {
      expect((await failureOf('all = []\nwhile True: all.append(bytearray(1 << 20))')).code).toBe('code.memory')
      expect((await failureOf('return len(bytearray(1 << 30))')).code).toBe('code.memory')
      expect((await failureOf('return len("x" * (1 << 34))')).code).toBe('code.memory')
      expect(await answerTo('return 1 + 1')).toBe(2)
    })
    it('from its disk', async () => {
      const fill =
        'written = 0\ntry:\n    for n in range(1000):\n        written += open(f"/tmp/{n}", "wb").write(b"x" * 1000000)\nexcept (OSError, MemoryError): pass\nreturn written'
      expect(Number(await answerTo(fill))).toBeLessThan(64_000_000)
    })
    it.each([
      ['an endless loop', 'while True: pass'],
      ['one that catches everything', 'while True:\n    try:\n        while True: pass\n    except BaseException: pass'],
      ['a long computation that looks at no signal', 'return 10 ** 10 ** 8 % 7'],
      ['a text that is made when the error is shown', 'class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E()'],
      [
        'a value that never ends being written',
        'class D(dict):\n    def items(self):\n        while True: yield "a", 1\nwhile True: list(range(1000))',
      ],
    ])('in time: %s', async (_, source) => {
      expect((await failureOf(source, { timeoutMs: 1_000 })).code).toBe('code.timeout')
    })
    it('also where it leaves its group and hides from its end', async () => {
      const source =
        'import ctypes, os, signal\nfor number in range(1, 65):\n    try: signal.signal(number, signal.SIG_IGN)\n    except (OSError, ValueError): pass\ntry:\n    os.setsid()\nexcept OSError: pass\nctypes.CDLL(None).prctl(1, 0, 0, 0, 0)\nwhile True: pass'
      expect(['code.timeout', 'code.threw']).toContain((await failureOf(source, { timeoutMs: 1_000 })).code)
    })
    it.each([
      ['a huge value', 'return "x" * 200000', 'code.too_large'],
      ['endless lines past the log', 'import os\nwhile True: os.write(1, b"x" * 65536)', /^code\.(printed|timeout|threw)$/],
      ['endless bytes on the way back', 'import os\nwhile True: os.write(3, b"x" * 65536)', /^code\.(too_large|timeout|threw)$/],
      ['its own end', 'import os\nos._exit(0)', /^code\.(ended|threw)$/],
      ['a crash', 'import ctypes\nctypes.string_at(0)', /^code\.(ended|threw)$/],
      ['sys.exit', 'import sys\nsys.exit("bye")', 'code.threw'],
      ['KeyboardInterrupt', 'raise KeyboardInterrupt', 'code.threw'],
      ['a function that calls itself', 'def again(): return again() + 1\nreturn again()', 'code.stack'],
      ['a list in itself', 'a = []\na.append(a)\nreturn a', 'code.not_json'],
      ['a value that is deep', 'a = []\nfor _ in range(100000): a = [a]\nreturn a', /^code\.(not_json|stack)$/],
      ['a value too deep to go on', 'a = []\nfor _ in range(200): a = [a]\nreturn a', 'code.not_json'],
      ['what is no JSON', 'return {"a": object()}', 'code.not_json'],
      ['no number', 'return float("nan")', 'code.not_json'],
      ['a number without end', 'return [1e400]', 'code.not_json'],
      ['keys that are no text', 'return {(1, 2): 3}', 'code.not_json'],
      ['an error that cannot be shown', 'class E(Exception):\n    def __str__(self): raise E()\nraise E()', 'code.threw'],
      ['code nested without end', `return ${'('.repeat(5_000)}1${')'.repeat(5_000)}`, 'code.syntax'],
      ['NUL in the code', 'return "\u0000"', /^code\.(syntax|threw)$/],
      ['a lone surrogate in the code', 'return "\ud800', 'code.syntax'],
    ])('in words: %s', async (_, source, code) => {
      const error = await failureOf(source, { timeoutMs: 5_000 })
      expect(error.code).toMatch(code)
      expect(error.message.length).toBeLessThan(700)
      expect(error.hint).toBeTruthy()
    })
    it('and leaves no process behind, whatever it did', async () => {
      const mark = `mark_${process.pid}_${Date.now()}`
      await failureOf(`# ${mark}\nwhile True: pass`, { timeoutMs: 500 })
      const stop = new AbortController()
      const endless = run(`# ${mark}\nwhile True: pass`, { signal: stop.signal })
      setTimeout(() => stop.abort(), 500)
      await expect(endless).rejects.toMatchObject({ step: { class: 'cancelled' } })
      expect(childrenOf(process.pid).filter((line) => /unshare|python3|guest/.test(line))).toEqual([])
    })
    it('from hostile values of earlier steps', async () => {
      const deep = Array.from({ length: 60 }).reduce<Json>((inner) => [inner], 1)
      const million = new Array(1_000_000).fill(1)
      expect(await answerTo('return len(input)', { input: million })).toBe(1_000_000)
      expect(await answerTo('return input', { input: deep })).toEqual(deep)
      expect(await answerTo('return [len(input), input]', { input: 'a\u2028\u0000\ud83d\ude00' })).toEqual([4, 'a\u2028\uFFFD\ud83d\ude00'])
      expect(await answerTo('return input + 0.5', { input: Number.MAX_VALUE })).toBe(Number.MAX_VALUE)
      const names = JSON.parse('{"__proto__": {"polluted": 1}, "__builtins__": 2, "__class__": 3}') as Json
      expect(await answerTo('return sorted(input)', { input: names })).toEqual(['__builtins__', '__class__', '__proto__'])
    })
  })
})

describe('a machine without a sandbox', () => {
  it('says why and runs nothing', async () => {
    const found = await choose([{ kind: 'namespaces', name: 'a thing', file: '/nowhere/at-all', args: [], startMs: 1_000 }])
    expect(found).toMatchObject({ ok: false, reason: expect.stringContaining('a thing: spawn /nowhere/at-all ENOENT') })
    const runner = createPythonRunner({ find: async () => found })
    const call = { source: 'return 1', globals: {}, timeoutMs: 10, memoryBytes: 1, outputBytes: 1, signal: new AbortController().signal }
    await expect(runner.run(call)).rejects.toMatchObject({ step: { code: 'code.no_sandbox' } })
  })
  it('does not take a boundary that lets through', async () => {
    const program = `import json, sys, os
call = json.load(sys.stdin)
scope = {}
exec("def step():\\n" + "".join("  " + line + "\\n" for line in call["source"].split("\\n")), scope)
os.write(3, b"ready\\nok\\n" + json.dumps(scope["step"]()).encode())`
    const open = { kind: 'namespaces', name: 'an open door', file: '/usr/bin/python3', args: ['-c', program], startMs: 5_000 } as const
    expect(await choose([open])).toMatchObject({ ok: false, reason: expect.stringContaining('code in it reaches') })
  })
  it('is found by trying one after the other', async () => {
    const found = await choose([
      { kind: 'namespaces', name: 'a thing', file: '/nowhere', args: [], startMs: 1_000 },
      ...namespaceSandboxes(),
    ])
    expect(found).toMatchObject({ ok: true })
  })
})

function childrenOf(pid: number): string[] {
  const all = execFileSync('ps', ['-eo', 'ppid=,pid=,args='], { encoding: 'utf8' }).split('\n')
  const own = new Set([String(pid)])
  return all.filter((line) => {
    const [parent = '', child = ''] = line.trim().split(/\s+/)
    return own.has(parent) && own.add(child)
  })
}
