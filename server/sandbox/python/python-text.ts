import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file of ours that goes into a sandbox; it stands beside this one, and in the built product in dist/. */
export function pythonText(name: string): string {
  return readFileSync(pythonFile(name), 'utf8')
}

function pythonFile(name: string): string {
  const here = path.dirname(fileURLToPath(import.meta.url))
  const folders = [here, path.join(here, 'python'), path.resolve('dist', 'python'), path.resolve('server', 'sandbox', 'python')]
  const places = folders.map((folder) => path.join(folder, name))
  const found = places.find((place) => existsSync(place))
  if (!found) throw new Error(`The sandbox for Python is in none of: ${places.join(', ')}`)
  return found
}
