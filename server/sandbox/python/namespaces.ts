import type { PythonSandbox } from './python-sandbox'
import { pythonText } from './python-text'

/** Where a system keeps the Python that any account may run. */
const pythons = ['/usr/bin/python3', '/usr/local/bin/python3']
const nobody = '65534'

/** Linux namespaces around the machine's own Python; a worker that runs as root gives that up before it begins. */
export function namespaceSandboxes(): PythonSandbox[] {
  if (process.platform !== 'linux') return []
  const asNobody = ['/usr/bin/setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--inh-caps=-all', '--']
  const apart = ['/usr/bin/unshare', '--user', '--map-root-user', '--mount', '--net', '--pid', '--ipc', '--uts', '--cgroup']
  const program = `${pythonText('code.py')}\n${pythonText('namespaces.py')}`
  return pythons.map((python) => {
    const [file = '', ...args] = [
      ...(process.getuid?.() === 0 ? asNobody : []),
      ...apart,
      '--fork',
      '--kill-child=SIGKILL',
      '--',
      ...[python, '-I', '-B', '-X', 'utf8', '-c', program],
    ]
    return { kind: 'namespaces', name: `namespaces around ${python}`, file, args: () => args, extraMs: 0 }
  })
}
