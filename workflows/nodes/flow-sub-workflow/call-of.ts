import type { Call } from '../../graph/call'
import type { Json } from '../../graph/schema'

/** The workflow and version that are run, from what is stored; null while no workflow, or no version of it, is chosen. */
export function callOf({ workflow, version = 'live', versionTag, versionNumber }: Record<string, Json>): Call | null {
  const chosen = version === 'tag' ? versionTag : version === 'number' ? versionNumber : 'live'
  if (typeof workflow !== 'string' || workflow === '') return null
  return typeof chosen === 'string' || typeof chosen === 'number' ? { workflowId: workflow, version: chosen } : null
}
