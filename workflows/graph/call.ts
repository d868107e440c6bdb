import type { Json } from './schema'

/** A workflow that a step runs, and the number or the tag of its version. */
export interface Call {
  workflowId: string
  version: string | number
}

export interface Callee {
  name: string
  /** The JSON Schema of the input that it takes; absent where it takes any. */
  schema?: Json
}

export const callKey = ({ workflowId, version }: Call) => `${workflowId}@${version}`
