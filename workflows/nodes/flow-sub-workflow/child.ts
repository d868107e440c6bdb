import type { z } from 'zod'
import type { Json } from '../../graph/schema'
import type { flowSubWorkflow } from './definition'

export interface ChildParams {
  workflowId: string
  /** A number, or the tag of the version that is run. */
  version: string | number
  input: Json
  wait: boolean
}

/** Which workflow is started with what; `came` is what came in over the wire. */
export function childOf(params: z.output<typeof flowSubWorkflow.params>, came: Json): ChildParams {
  return {
    workflowId: params.workflow,
    version: { live: 'live', tag: params.versionTag, number: params.versionNumber }[params.version] ?? 'live',
    input: params.input === undefined || params.input === '' ? came : (params.input as Json),
    wait: params.wait,
  }
}
