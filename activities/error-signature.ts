import { createHash } from 'node:crypto'
import type { StepError } from '@/workflows/nodes/errors'
import { readPath } from '@/workflows/runtime/node-id-of'

/** Equal for failures that one repair may cure: same workflow, same step, same message but for ids and numbers in it. */
export function errorSignature(workflowId: string, path: string, error: StepError): string {
  const { nodeId, containers, within } = readPath(path)
  const inside = within.replace(/turn\.\d+/, 'turn').replace(/call\.\d+\./, 'call.')
  // Which item or round it was tells nothing of the cause.
  const place = [...containers.map(({ id }) => id), nodeId, ...(inside === '' ? [] : [inside])].join('/')
  const words = error.message
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}/gi, '#')
    .replace(/"[^"]{0,200}"/g, '"…"')
    .replace(/\d+/g, '#')
  return createHash('sha256')
    .update(JSON.stringify([workflowId, place, error.class, error.code, words]))
    .digest('hex')
    .slice(0, 32)
}
