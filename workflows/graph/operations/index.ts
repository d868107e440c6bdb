import { limits } from '../../limits'
import { catalogue as wholeCatalogue } from '../../nodes/catalogue'
import { phrase } from '../../words/spoken'
import type { Catalogue } from '../catalogue'
import { findBadJson } from '../find-bad-json'
import type { Graph, Problem } from '../schema'
import { addNodeRule } from './add-node'
import { connectRule } from './connect'
import { disconnectRule } from './disconnect'
import { insertOnEdgeRule } from './insert-on-edge'
import { moveNodesRule } from './move-nodes'
import type { OperationRule } from './operation'
import { pasteRule } from './paste'
import { removeNodesRule } from './remove-nodes'
import { renameNodeRule } from './rename-node'
import { replaceGraphRule } from './replace-graph'
import { resizeNodeRule } from './resize-node'
import { restoreRule } from './restore'
import type { BatchOperation, Operation, OperationOf, OperationResult, Overwrite } from './schema'
import { setCollapsedRule } from './set-collapsed'
import { setDisabledRule } from './set-disabled'
import { setGroupRule } from './set-group'
import { setLockedRule } from './set-locked'
import { setParamRule } from './set-param'
import { setParentRule } from './set-parent'
import { setSettingRule } from './set-setting'
import { setWorkflowSettingRule } from './set-workflow-setting'

export { type Operation, type OperationOf, type OperationResult, type Overwrite, operationSchema } from './schema'

/** A graph's own depth, and what an operation puts around it. */
const operationDepth = limits.graphDepth + 16

const batchRule: OperationRule<BatchOperation> = {
  apply: applyBatch,
  invert: invertBatch,
  describe: ({ label, operations }, graph) => label ?? describeFirst(operations, graph),
  touches: ({ operations }) => operations.flatMap((operation) => touches(operation)),
}

const rules: { [Kind in Operation['kind']]: OperationRule<OperationOf<Kind>> } = {
  addNode: addNodeRule,
  removeNodes: removeNodesRule,
  moveNodes: moveNodesRule,
  resizeNode: resizeNodeRule,
  renameNode: renameNodeRule,
  setParam: setParamRule,
  setSetting: setSettingRule,
  setWorkflowSetting: setWorkflowSettingRule,
  setDisabled: setDisabledRule,
  setCollapsed: setCollapsedRule,
  setLocked: setLockedRule,
  connect: connectRule,
  disconnect: disconnectRule,
  insertOnEdge: insertOnEdgeRule,
  paste: pasteRule,
  setParent: setParentRule,
  setGroup: setGroupRule,
  restore: restoreRule,
  replaceGraph: replaceGraphRule,
  batch: batchRule,
}

/**
 * Applies one edit. `overwrote` names fields whose value was not what the sender had seen; `skipped` what an undo left alone because
 * somebody changed it since. The graph that comes in is never changed.
 */
export function applyOperation(graph: Graph, operation: Operation, catalogue: Catalogue = wholeCatalogue): OperationResult<Graph> {
  // The operation itself is stored too, so nothing in it may be what storage or a prototype cannot take.
  const [bad] = findBadJson(operation, '', 1, operationDepth)
  if (bad) return { ok: false, problem: { severity: 'error', ...bad } }
  return applyTrusted(graph, operation, catalogue)
}

function applyTrusted(graph: Graph, operation: Operation, catalogue: Catalogue): OperationResult<Graph> {
  return ruleOf(operation).apply(graph, operation, catalogue)
}

/** The operation that takes `operation` back, made on the graph before it; null where there is nothing to take back. */
export function invertOperation(graphBefore: Graph, operation: Operation, catalogue: Catalogue = wholeCatalogue): Operation | null {
  return ruleOf(operation).invert(graphBefore, operation, catalogue)
}

/** In words for a toast, read on the graph before the edit: "Removed “Fetch customer”". */
export function describeOperation(operation: Operation, graph: Graph): string {
  return ruleOf(operation).describe(operation, graph)
}

/** What the operation writes, as paths such as `node/k3f9/params/url`. */
export function touches(operation: Operation): readonly string[] {
  return ruleOf(operation).touches(operation)
}

/** Whether two operations write the same thing, so that their order matters to whoever sent them. */
export function conflicts(a: Operation, b: Operation): boolean {
  const theirs = touches(b)
  return touches(a).some((mine) => theirs.some((other) => mine === other || mine.startsWith(`${other}/`) || other.startsWith(`${mine}/`)))
}

function ruleOf(operation: Operation): OperationRule<Operation> {
  return rules[operation.kind] as OperationRule<Operation>
}

function applyBatch(graph: Graph, { operations, partial }: BatchOperation, catalogue: Catalogue): OperationResult<Graph> {
  let value = graph
  const overwrote: Overwrite[] = []
  const skipped: Problem[] = []
  let applied = 0
  for (const operation of operations) {
    const result = applyTrusted(value, operation, catalogue)
    if (!result.ok) {
      if (!partial) return result
      skipped.push({ ...result.problem, severity: 'warning' })
      continue
    }
    applied++
    value = result.value
    overwrote.push(...(result.overwrote ?? []))
    skipped.push(...(result.skipped ?? []))
  }
  if (applied === 0 && skipped[0]) return { ok: false, problem: skipped[0] }
  return { ok: true, value, ...(overwrote.length > 0 ? { overwrote } : {}), ...(skipped.length > 0 ? { skipped } : {}) }
}

function invertBatch(before: Graph, { operations, partial }: BatchOperation, catalogue: Catalogue): Operation | null {
  const back: Operation[] = []
  let graph = before
  for (const operation of operations) {
    const result = applyTrusted(graph, operation, catalogue)
    if (!result.ok) {
      if (partial) continue
      return null
    }
    const inverse = invertOperation(graph, operation, catalogue)
    if (inverse) back.unshift(inverse)
    graph = result.value
  }
  return back.length > 0 ? { kind: 'batch', partial: true, operations: back } : null
}

function describeFirst(operations: readonly Operation[], graph: Graph): string {
  const [first] = operations
  if (!first) return phrase`Nothing changed`
  const words = describeOperation(first, graph)
  if (operations.length === 1) return words
  return operations.length === 2 ? phrase`${words} and 1 more change` : phrase`${words} and ${operations.length - 1} more changes`
}
