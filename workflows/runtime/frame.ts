import type { Json } from '../graph/schema'
import { createFlowState, type FlowOptions, type FlowState } from './flow-state'
import type { PlanScope, StepRecord } from './types'

/** One opened scope: the run itself, one item of a loop, one round, one branch, one section of a *try*. */
export interface Frame {
  /** What stands before the node's id in the paths of its steps: empty for the run itself, else `<containerPath>/<iteration>/`. */
  prefix: string
  parent: Frame | null
  scope: PlanScope
  flow: FlowState
  /** What nodes get that nothing leads into. */
  input: Json
  item?: Json
  index?: number
  /** Which item of each loop around it this is: a part of idempotency keys. */
  items: readonly string[]
  /** Hashes of values that several steps read, by node id and for the item itself. */
  hashes: Map<string, string>
  /** Set where its work may be broken off while the run goes on. */
  aborter?: AbortController
  /** What cleans up is not broken off with what it cleans up after. */
  shielded: boolean
  /** Nodes that are not settled yet. */
  unsettled: number
  /** Steps that are ready or under way, open containers included. */
  pending: number
  /** Steps that go on later by themselves, with the paths they wait at. */
  resting: Map<string, readonly string[]>
  open: Map<string, ContainerRun>
  /** Nothing begins in it any more but the `finally` of what is open. */
  draining: boolean
  failure: StepRecord | null
  state: 'opening' | 'open' | 'ended'
  onEnd(end: FrameEnd): void
}

export type FrameEnd = { kind: 'done'; output: Json } | { kind: 'failed'; record: StepRecord } | { kind: 'drained' }

/** A container under way in a frame. */
export interface ContainerRun {
  begin(): void
  /** Lets nothing new begin; what has a `finally` runs it, then the frame around is told. */
  drain(): void
}

/** What expressions of a step inside can read of a node, in its own frame or one around it. */
export function outputIn(frame: Frame, nodeId: string): { value: Json; frame: Frame } | null {
  for (let at: Frame | null = frame; at; at = at.parent) {
    if (Object.hasOwn(at.flow.outputs, nodeId)) return { value: at.flow.outputs[nodeId] ?? null, frame: at }
  }
  return null
}

/** Whatever would break off the work of a step. */
export function abortersOf(frame: Frame): AbortSignal[] {
  const found: AbortSignal[] = []
  for (let at: Frame | null = frame; at; at = at.shielded ? null : at.parent) if (at.aborter) found.push(at.aborter.signal)
  return found
}

export interface FrameArgs {
  prefix: string
  parent: Frame | null
  scope: PlanScope
  input: Json
  item?: Json
  index?: number
  /** Which item this is, where the container is a loop. */
  key?: string
  draining?: boolean
  aborter?: AbortController
  shielded?: boolean
  flow?: FlowOptions
  onEnd?(end: FrameEnd): void
}

export function createFrame({
  prefix,
  parent,
  scope,
  input,
  item,
  index,
  key,
  draining,
  aborter,
  shielded,
  flow,
  onEnd,
}: FrameArgs): Frame {
  const value = item === undefined ? parent?.item : item
  const at = index === undefined ? parent?.index : index
  const items = parent?.items ?? []
  return {
    prefix,
    parent,
    scope,
    flow: createFlowState(scope, flow ?? {}),
    input,
    ...(value === undefined ? {} : { item: value }),
    ...(at === undefined ? {} : { index: at }),
    items: key === undefined ? items : [...items, key],
    hashes: new Map(),
    ...(aborter ? { aborter } : {}),
    shielded: shielded ?? false,
    unsettled: scope.order.length,
    pending: 0,
    resting: new Map(),
    open: new Map(),
    draining: draining ?? false,
    failure: null,
    state: 'opening',
    onEnd: onEnd ?? (() => {}),
  }
}
