import { createHash } from 'node:crypto'
import type { StepError } from '@/workflows/nodes/errors'
import { readPath } from '@/workflows/runtime/node-id-of'

/**
 * Equal for failures that one repair may cure: same workflow, same node, same kind of error, same message but for what differs each time.
 * Node ids are permanent, so it stays the same from version to version, also where the node moved into a container.
 */
export function errorSignature(workflowId: string, path: string, error: StepError): string {
  const { nodeId, within } = readPath(path)
  const inside = within.replace(/turn\.\d+/, 'turn').replace(/call\.\d+\./, 'call.')
  const place = inside === '' ? nodeId : `${nodeId}/${inside}`
  return createHash('sha256')
    .update(JSON.stringify([workflowId, place, error.class, error.code, lastingWords(error.message)]))
    .digest('hex')
    .slice(0, 32)
}

const most = 1_000
const quoted = /"[^"]{0,400}"|“[^”]{0,400}”|‘[^’]{0,400}’|`[^`]{0,400}`|(?<![\p{L}\d])'[^']{0,400}'(?![\p{L}\d])/gu
/** Of a URL the host stays: another host is another cause. */
const url = /\b([a-z][a-z\d+.-]{0,20}:\/\/[^\s/?#]{1,300})\S*/gi
const address = /[^\s@]{1,200}@[^\s@]{1,200}/g
const day = /\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? (?=\d|[a-z]{3,9} \d)/gi
const month =
  /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6} (?=\d)|(?<=\d )(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\b/gi
/** Words with a digit in them, and what is joined to them: ids, numbers, dates, versions. */
const numbered = /[\p{L}_-]{0,80}\d[\p{L}\d_+-]*(?:[.:,/][\p{L}\d_+-]*\d[\p{L}\d_+-]*)*/gu
const hex = /\b[0-9a-f]{16,}\b/gi
const several = /#(?:[ ,]+(?:GMT|UTC)\b|[ ,]*#)+/g

/** The message without what differs each time: values in quotes, addresses, ids, dates, numbers. */
export function lastingWords(message: string): string {
  return message
    .slice(0, most)
    .replace(quoted, '…')
    .replace(url, '$1')
    .replace(address, '#')
    .replace(day, '')
    .replace(month, '')
    .replace(numbered, '#')
    .replace(hex, '#')
    .replace(several, '#')
}
