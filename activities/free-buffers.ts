import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options: { type: 'minor' | 'major'; flavor?: 'last-resort' }) => void

const megabyte = 1024 * 1024
const worthIt = megabyte
/** What large values may leave behind before all of the heap is looked through. */
const mostLeft = 48 * megabyte

let least = Number.POSITIVE_INFINITY

/**
 * What carried a large value to or from the database is garbage at once. Its buffers stand outside the heap, where V8 looks for them late,
 * and its texts among what is old, which V8 lets grow in proportion: a few values in a row would take several times their size. Looking for
 * buffers takes about a millisecond, for all some tens of them.
 */
export function freeBuffers(size: number): void {
  if (size <= worthIt) return
  const before = inUse()
  least = Math.min(least, before)
  if (before - least < mostLeft) {
    collect({ type: 'minor' })
    return
  }
  collect({ type: 'major' })
  least = inUse()
}

/** Collects all there is and makes the heap as small as it can be; takes some tenths of a second. */
export function shrinkHeap(): void {
  collect({ type: 'major', flavor: 'last-resort' })
  least = inUse()
}

function inUse(): number {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return used_heap_size + external_memory
}
