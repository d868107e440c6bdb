import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

interface Locked {
  version?: string
  license?: string
  dev?: boolean
}
interface Used {
  name: string
  version: string
  licence: string
}

const root = path.resolve(import.meta.dirname, '..')
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'))

/** What the product is built with, by the lockfile: docs/licences.md has all of it, settings show what is named in package.json. */
export function licenceFiles(): Record<string, string> {
  const { version, license, dependencies } = read('package.json') as {
    version: string
    license: string
    dependencies: Record<string, string>
  }
  const all = usedPackages()
  const direct = all.filter((one) => Object.hasOwn(dependencies, one.name))
  const rows = all.map((one) => `| ${one.name} | ${one.version} | ${one.licence} |`)
  return {
    'docs/licences.md': [
      '# Licences of what Millrace is built with',
      '',
      '<!-- Written by `node scripts/run.mjs scripts/licences.ts` from package-lock.json. -->',
      '',
      'Each package brings its own licence text in `node_modules/`. Millrace itself stands under Apache-2.0, see `LICENSE` and `NOTICE`.',
      '',
      '| package | version | licence |',
      '|---|---|---|',
      ...rows,
      '',
    ].join('\n'),
    'components/settings/licences.json': `${JSON.stringify({ version, licence: license, packages: direct }, null, 2)}\n`,
  }
}

function usedPackages(): Used[] {
  const found = new Map<string, Used>()
  for (const [where, locked] of Object.entries((read('package-lock.json') as { packages: Record<string, Locked> }).packages)) {
    const name = where.split('node_modules/').at(-1)
    if (!name || locked.dev || !locked.version) continue
    const version = locked.version
    found.set(`${name} ${version}`, { name, version, licence: locked.license ?? unsaid[name] ?? 'unknown' })
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1))
}

/** What says it nowhere but in its licence text. */
const unsaid: Record<string, string> = { unionfs: 'Unlicense' }

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [file, text] of Object.entries(licenceFiles())) {
    writeFileSync(path.join(root, file), text)
    console.log(`wrote ${file}`)
  }
}
