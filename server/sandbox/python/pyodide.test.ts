import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { choose, type FoundPython } from './find-python-sandbox'
import { pyodideSandboxes } from './pyodide'
import { createPythonRunner } from './run-python'

/** Each call takes seconds to begin, so each tries many things. */
describe('Python in Pyodide', { timeout: 120_000 }, () => {
  let found: FoundPython
  let port = 0
  let calls = 0
  const folder = mkdtempSync(path.join(tmpdir(), 'outside-'))
  const server = createServer().listen(0, '127.0.0.1')
  beforeAll(async () => {
    writeFileSync(path.join(folder, 'secret'), 'treasure', { mode: 0o666 })
    await new Promise((resolve) => (server.listening ? resolve(null) : server.once('listening', resolve)))
    server.on('connection', () => calls++)
    port = (server.address() as { port: number }).port
    process.env.MILLRACE_TEST_CANARY = 'canary-4711'
    // The one without namespaces around it, which has to hold by itself.
    found = await choose(pyodideSandboxes().slice(-1))
  }, 120_000)
  afterAll(() => {
    delete process.env.MILLRACE_TEST_CANARY
    server.close()
  })

  const run = (source: string, timeoutMs = 10_000) =>
    createPythonRunner({ find: async () => found }).run({
      source,
      globals: { input: [3, 1, 2] },
      timeoutMs,
      memoryBytes: 64 * 1024 * 1024,
      outputBytes: 100_000,
      signal: new AbortController().signal,
    })

  it('is trusted after it was tried, computes and logs', async () => {
    expect(found).toMatchObject({ ok: true, sandbox: { kind: 'pyodide' } })
    const source =
      'import logging, statistics, sys\nprint("é", input)\nlogging.debug("d")\nlogging.error("e")\nprint("s", file=sys.stderr)\nreturn {"median": statistics.median(input), "big": 2**80, "lone": "\\ud800"}'
    const from = Date.now()
    const { value, logs } = await run(source)
    expect(value).toEqual({ median: 2, big: '1208925819614629174706176', lone: '\uFFFD' })
    expect(logs.map(({ level, text }) => [level, text])).toEqual([
      ['info', 'é [3, 1, 2]'],
      ['debug', 'd'],
      ['error', 'e'],
      ['warn', 's'],
    ])
    // It began seconds before the code did.
    expect(Date.parse(logs[0]?.at ?? '')).toBeGreaterThan(from)
  })

  it('reaches no file, no network, no environment, no process and nothing of the JavaScript around it', async () => {
    const tries = [
      `open(${JSON.stringify(path.join(folder, 'secret'))}).read()`,
      `open(${JSON.stringify(path.join(folder, 'left'))}, "w")`,
      'open("/etc/passwd").read()',
      'open("/proc/self/environ").read()',
      `__import__("socket").create_connection(("127.0.0.1", ${port}), 1)`,
      `__import__("urllib.request").request.urlopen("http://127.0.0.1:${port}")`,
      `__import__("pyodide.http").http.open_url("http://127.0.0.1:${port}")`,
      '__import__("os").fork()',
      '__import__("subprocess").run(["/bin/true"])',
      '__import__("threading").Thread(target=print).start()',
      '__import__("js").process',
      '__import__("js").fetch',
      '__import__("js").globalThis',
      '__import__("pyodide.code").code.run_js("process.version")',
      '__import__("pyodide_js").constructor.constructor("return process")()',
      '__import__("pyodide_js").loadPyodide.constructor("return process")()',
      '__import__("pyodide_js").constructor.constructor("return globalThis")()',
      `__import__("pyodide_js").FS.mount(__import__("pyodide_js").FS.filesystems.NODEFS, __import__("pyodide.ffi").ffi.to_js({"root": ${JSON.stringify(folder)}}), "/tmp") or open("/tmp/secret").read()`,
    ]
    const source = `import os\ngot = []\nfor action in ${JSON.stringify(tries)}:\n    try:\n        got.append([action, str(eval(action))])\n    except BaseException:\n        pass\nreturn [got, "canary-4711" in str(dict(os.environ))]`
    expect((await run(source)).value).toEqual([[], false])
    expect(calls).toBe(0)
    expect(readdirSync(folder)).toEqual(['secret'])
  })

  it.each([
    ['an endless loop', 'while True: pass', 'code.timeout'],
    ['memory without end', 'all = []\nwhile True: all.append(bytearray(1 << 20))', /^code\.(memory|ended)$/],
    ['an error, with its line', '\n1 / 0', 'code.threw'],
    ['a huge value', 'return "x" * 200000', 'code.too_large'],
  ])('ends in words: %s', async (_, source, code) => {
    await expect(run(source, 3_000)).rejects.toMatchObject({
      step: { code: typeof code === 'string' ? code : expect.stringMatching(code) },
    })
  })
})
