import { compileParams } from './expressions'
import { referencesOf } from './expressions/references'
import { schemaProblems } from './json-schema'
import type { Graph, Json, Problem } from './schema'

/** What in a workflow's settings cannot be used. */
export function validateSettings({ settings }: Graph): Problem[] {
  if (!settings) return []
  const found: Problem[] = []
  const add = (code: string, pointer: string, message: string) =>
    found.push({ code, severity: 'error', pointer: `/settings/${pointer}`, message: `Settings: ${message}` })
  for (const name of ['input', 'output'] as const) {
    for (const { pointer, message } of schemaProblems(settings[name] as Json | undefined))
      add('schema.invalid', `${name}${pointer}`, message)
  }
  for (const name of ['concurrency', 'rate'] as const) {
    const key = settings[name]?.key ?? ''
    for (const { message } of compileParams({ key }).problems) add('expression.invalid', `${name}/key`, message)
    const other = referencesOf(key).find(({ root }) => root !== 'input' && root !== 'trigger')
    if (other)
      add(
        'expression.not_upstream',
        `${name}/key`,
        `the key is worked out before a run starts, so it reads “input” only, not “${other.root}”.`,
      )
  }
  return found
}
