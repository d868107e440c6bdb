// Runs as a whole program in a Node process that may read Pyodide's folder and nothing else (--permission), with no environment, and
// takes one call. What would reach other processes is taken away before the code of people is there.
import fs from 'node:fs'

const [folder] = process.argv.slice(1)
const replyChannel = 3
const pageBytes = 65_536
/** What Pyodide itself fills, beside what the code may have. */
const ownBytes = 48 * 1024 * 1024

const call = JSON.parse(fs.readFileSync(0, 'utf8'))
const most = ownBytes + call.memoryBytes
const { grow } = WebAssembly.Memory.prototype
Object.defineProperty(WebAssembly.Memory.prototype, 'grow', {
  value(pages) {
    if (this.buffer.byteLength + pages * pageBytes > most) throw new RangeError('no more memory')
    return Reflect.apply(grow, this, [pages])
  },
})
// Pyodide asks for a list of names that the permission model does not hand out.
process.binding = () => ({ fs: {} })
const { loadPyodide } = await import(`file://${folder}/pyodide.mjs`)
const { writeSync } = fs
const python = await loadPyodide({
  indexURL: folder,
  env: { HOME: '/tmp' },
  jsglobals: Object.create(null),
  stdout: () => {},
  stderr: () => {},
})
const say = (line) => void writeAll(1, `${line}\n`)
for (const name of ['kill', '_kill', 'binding', '_linkedBinding', 'dlopen', '_debugProcess', '_debugEnd', 'execve', 'setuid', 'chdir'])
  Object.defineProperty(process, name, { value: undefined, configurable: false, writable: false })
const scope = python.globals.get('dict')()
python.runPython(call.program, { globals: scope })
for (const name of ['process', 'fetch', 'WebSocket', 'EventSource', 'Buffer', 'require', 'queueMicrotask'])
  Reflect.deleteProperty(globalThis, name)
writeAll(replyChannel, 'ready\n')
const reply = scope.get('answer_to')(JSON.stringify({ source: call.source, globals: call.globals, outputBytes: call.outputBytes }), say)
writeAll(replyChannel, reply)

function writeAll(channel, text) {
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(channel, bytes, at)
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error
    }
  }
}
