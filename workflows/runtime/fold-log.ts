import type { Json } from '../graph/schema'
import { staysHere } from './apart-values'
import { createFlowState, isSettled } from './flow-state'
import { type PathParts, readPath } from './node-id-of'
import { runOutput } from './run-output'
import type { FinishedItems, Plan, PlanNode, PlanSection, StepRecord } from './types'

export interface FoldedLog {
  log: Map<string, StepRecord>
  finished: FinishedItems
}

export interface LogFold {
  /** The newest attempt of one path; paths may come in any order. */
  add(record: StepRecord): void
  end(): FoldedLog
}

interface Item {
  container: string
  index: number
  section: PlanSection
  records: StepRecord[]
  settled: number
}

/**
 * What a run needs to go on, of what happened in it so far: of an item of a loop that is done only its result, of a container that is
 * settled nothing that happened inside. So a loop over very many items costs no more than its results.
 */
export function createLogFold(plan: Plan): LogFold {
  const log = new Map<string, StepRecord>()
  const items = new Map<string, Item>()
  const finished: FinishedItems = new Map()

  const finish = (prefix: string, { container, index, section, records }: Item): void => {
    const own = new Map<string, StepRecord>()
    for (const record of records) if (isOwn(record.path, prefix)) own.set(record.path.slice(prefix.length), record)
    for (const [id, record] of own) {
      // Its value is read when the item is opened.
      if (record.output === undefined && record.apart?.output && staysHere(section.nodes.get(id) as PlanNode, record)) return
    }
    items.delete(prefix)
    let results = finished.get(container)
    if (!results) {
      results = new Map()
      finished.set(container, results)
    }
    results.set(index, resultOf(section, own))
  }

  const isBelowDone = (containers: PathParts['containers']): boolean => {
    let prefix = ''
    for (const { id, iteration } of containers) {
      const container = log.get(prefix + id)
      if ((container && isSettled(container)) || finished.get(prefix + id)?.has(indexOf(iteration))) return true
      prefix += `${id}/${iteration}/`
    }
    return false
  }

  return {
    add(record) {
      const { path } = record
      const parts = path.includes('/') ? readPath(path) : null
      const last = parts?.containers.at(-1)
      const section = last && itemSection(plan.nodes.get(last.id))
      if (!parts || !last || !section) {
        log.set(path, record)
        return
      }
      const prefix = path.slice(0, path.length - parts.nodeId.length - (parts.within === '' ? 0 : parts.within.length + 1))
      const container = prefix.slice(0, -last.iteration.length - 2)
      const index = indexOf(last.iteration)
      if (finished.get(container)?.has(index)) return
      let item = items.get(prefix)
      if (!item) {
        item = { container, index, section, records: [], settled: 0 }
        items.set(prefix, item)
      }
      item.records.push(record)
      if (parts.within === '' && hasLeft(record)) item.settled += 1
      if (item.settled === section.order.length) finish(prefix, item)
    },
    end() {
      for (const { records } of items.values()) for (const record of records) log.set(record.path, record)
      items.clear()
      for (const path of log.keys()) if (path.includes('/') && isBelowDone(readPath(path).containers)) log.delete(path)
      for (const container of finished.keys()) {
        const { containers, nodeId } = readPath(container)
        if (isBelowDone([...containers, { id: nodeId, iteration: 'none' }])) finished.delete(container)
      }
      return { log, finished }
    },
  }
}

/** What runs for each item, where the node is a loop over them. */
function itemSection(planned: PlanNode | undefined): PlanSection | undefined {
  if (planned?.each) return planned.each.body
  const isLoop = planned?.definition.kind === 'control' && planned.definition.control === 'for_each'
  return isLoop ? planned.sections[0] : undefined
}

/** A step that ended the whole run well has no way out, as one that failed it. */
function hasLeft({ status, port }: StepRecord): boolean {
  return status === 'skipped' || ((status === 'succeeded' || status === 'failed') && port !== undefined)
}

function isOwn(path: string, prefix: string): boolean {
  return path.indexOf('/', prefix.length) === -1
}

/** An item that is tried again is still the same item. */
function indexOf(iteration: string): number {
  return Number.parseInt(iteration, 10)
}

function resultOf(section: PlanSection, own: ReadonlyMap<string, StepRecord>): Json {
  const flow = createFlowState(section, {})
  for (const id of section.order) flow.settle(id, own.get(id) as StepRecord)
  return runOutput(section, flow)
}
