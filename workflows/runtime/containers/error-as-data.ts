import type { Json } from '../../graph/schema'
import { nodeIdOf } from '../node-id-of'
import type { StepRecord } from '../types'
import { errorOf } from './container'

export type NamedNodes = ReadonlyMap<string, { node: { key: string; title: string } }>

/** A failure as expressions read it: `input.error.message`, and in `step` the key of the step that failed. */
export function errorAsData(record: StepRecord, nodes: NamedNodes): Json {
  const { path = record.path, ...error } = errorOf(record)
  const node = nodes.get(nodeIdOf(path, { nodes }))?.node
  return { ...error, step: node?.key ?? null, title: node?.title ?? null } as unknown as Json
}
