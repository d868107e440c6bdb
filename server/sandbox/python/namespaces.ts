import type { PythonSandbox } from './python-sandbox'
import { pythonText } from './python-text'

/** Where a system keeps the Python that any account may run. */
const pythons = ['/usr/bin/python3', '/usr/local/bin/python3']
/** Who runs what is foreign where the worker is root. */
export const nobody = 65_534

export const unsharedArgs = [
  '/usr/bin/unshare',
  ...['--user', '--map-root-user', '--mount', '--net', '--pid', '--ipc', '--uts', '--cgroup', '--fork', '--kill-child=SIGKILL', '--'],
]

/** Linux namespaces around the machine's own Python. */
export function namespaceSandboxes(): PythonSandbox[] {
  if (process.platform !== 'linux') return []
  const program = `${pythonText('code.py')}\n${pythonText('namespaces.py')}`
  return pythons.map((python) => {
    const [file = '', ...args] = [...unsharedArgs, python, '-I', '-B', '-X', 'utf8', '-c', program]
    return {
      kind: 'namespaces',
      name: `namespaces around ${python}`,
      file,
      args,
      ...(process.getuid?.() === 0 ? { user: nobody } : {}),
      startMs: 10_000,
    }
  })
}
