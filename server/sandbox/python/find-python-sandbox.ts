import { log } from '@/server/log'
import { namespaceSandboxes } from './namespaces'
import { pyodideSandboxes } from './pyodide'
import type { PythonSandbox } from './python-sandbox'
import { startPython } from './start-python'

export type FoundPython = { ok: true; sandbox: PythonSandbox; version: string } | { ok: false; reason: string }

let found: Promise<FoundPython> | null = null
let known: FoundPython | null = null

/** The sandbox that this machine can make, tried out once in the life of a process. */
export function findPythonSandbox(): Promise<FoundPython> {
  found ??= choose([...namespaceSandboxes(), ...pyodideSandboxes()]).then((chosen) => {
    known = chosen
    if (!chosen.ok) log.warn('Python steps cannot run here', { reason: chosen.reason })
    return chosen
  })
  return found
}

/** Why Python cannot run in this process' machine; null where it can, and until that is known. */
export function whyNoPython(): string | null {
  void findPythonSandbox()
  return known && !known.ok ? known.reason : null
}

/** The first of them that keeps what it promises. */
export async function choose(sandboxes: readonly PythonSandbox[]): Promise<FoundPython> {
  const reasons: string[] = []
  for (const sandbox of sandboxes) {
    const tried = await tryOut(sandbox)
    if (tried.ok) return { ok: true, sandbox, version: tried.version }
    reasons.push(`${sandbox.name}: ${tried.reason}`)
  }
  return {
    ok: false,
    reason: `This machine has no sandbox for Python. ${reasons.join('; ') || 'It has neither Linux namespaces nor Pyodide.'}`.slice(
      0,
      1_000,
    ),
  }
}

/** Reaches for what must not be there; gives what it got hold of. */
const probe = `
import os, sys
got = []
for path in ('/proc/self/environ', '/proc/1', '/etc/hostname', '/root', '/old/usr', '/bin/sh' if sys.platform == 'emscripten' else '/work'):
    if os.path.exists(path): got.append(path)
try:
    open('/usr/millrace', 'w'); got.append('a file outside')
except OSError: pass
try:
    import socket
    socket.create_connection(('127.0.0.1', 9), 0.2); got.append('the network')
except ConnectionRefusedError: got.append('the network')
except Exception: pass
try:
    child = os.fork()
    if child == 0: os._exit(0)
    got.append('a process')
except Exception: pass
if sys.platform != 'emscripten' and set(os.environ) - {'LC_CTYPE', 'HOME', 'PATH', 'PWD', 'USER', 'LOGNAME', 'LANG', '_'}: got.append('the environment')
return {'got': got, 'version': sys.version.split()[0]}
`

async function tryOut(sandbox: PythonSandbox): Promise<{ ok: true; version: string } | { ok: false; reason: string }> {
  const call = { source: probe, globals: '{}', memoryBytes: 64 * 1024 * 1024, outputBytes: 10_000, cpuSeconds: 5 }
  const { reply, text } = await startPython(sandbox, call, { timeoutMs: 10_000, signal: new AbortController().signal })
  if (reply !== 'ok') return { ok: false, reason: text || `it answered “${reply}”` }
  const { got, version } = JSON.parse(text) as { got: string[]; version: string }
  return got.length === 0 ? { ok: true, version } : { ok: false, reason: `code in it reaches ${got.join(', ')}` }
}
