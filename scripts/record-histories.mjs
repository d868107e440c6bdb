import { spawn } from 'node:child_process'
import path from 'node:path'
import { bundledNode, ensureDependencies, environmentOf, root, underBundledNode } from './lib/node.mjs'

/**
 * Records a Temporal history of every kind of run into tests/fixtures/histories, beside those that are there: a release replays what older
 * ones recorded, so a file is only made anew when its kind changed on purpose.
 */
ensureDependencies(console.log)
await underBundledNode()
const child = spawn(
  path.join(root, 'node_modules', '.bin', 'vitest'),
  [
    'run',
    '--project',
    'temporal',
    'tests/temporal/histories',
    '-t',
    `does by itself what a lane does, and replays it: ${process.argv[2] ?? ''}`,
  ],
  { cwd: root, stdio: 'inherit', env: { ...environmentOf(bundledNode() ?? process.execPath), RECORD_HISTORIES: '1' } },
)
child.once('exit', (code) => process.exit(code ?? 1))
