import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { nobody, unsharedArgs } from './namespaces'
import type { PythonSandbox } from './python-sandbox'
import { pythonText } from './python-text'

/** Bounds what is outside of WebAssembly's memory too: texts and bytes that Python hands to JavaScript. */
const limitMemory = ['/usr/bin/prlimit', '--data=1073741824', '--core=0', '--']
const oldSpaceMb = 192

/** Python in WebAssembly in a Node process without rights; in namespaces where those can be made, else by itself, and never as root. */
export function pyodideSandboxes(folder = findPyodide()): PythonSandbox[] {
  if (!folder) return []
  const node = [
    process.execPath,
    '--permission',
    `--allow-fs-read=${folder}/*`,
    '--disallow-code-generation-from-strings',
    '--no-addons',
    `--max-old-space-size=${oldSpaceMb}`,
    '--input-type=module',
    '--eval',
    pythonText('pyodide-guest.mjs'),
    folder,
  ]
  const program = `${pythonText('code.py')}\n${pythonText('pyodide.py')}`
  const isRoot = process.getuid?.() === 0
  const limited = existsSync('/usr/bin/prlimit') ? limitMemory : []
  const sandbox = (name: string, [file = '', ...args]: string[]): PythonSandbox => ({
    kind: 'pyodide',
    name,
    file,
    args,
    program,
    ...(isRoot ? { user: nobody } : {}),
    startMs: 60_000,
  })
  return [
    ...(process.platform === 'linux' ? [sandbox('Pyodide in namespaces', [...unsharedArgs, ...limited, ...node])] : []),
    sandbox('Pyodide', [...limited, ...node]),
  ]
}

/** Looked for as a folder, so that no bundler follows it. */
function findPyodide(): string | null {
  const here = path.dirname(fileURLToPath(import.meta.url))
  const above = [process.cwd(), ...ancestorsOf(here)].map((folder) => path.join(folder, 'node_modules', 'pyodide'))
  return above.find((folder) => existsSync(path.join(folder, 'pyodide.mjs'))) ?? null
}

function ancestorsOf(folder: string): string[] {
  const parent = path.dirname(folder)
  return parent === folder ? [folder] : [folder, ...ancestorsOf(parent)]
}
