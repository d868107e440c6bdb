import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void

const worthIt = 1024 * 1024

/**
 * What carried a large value to or from the database is garbage at once, but stands outside the heap, where V8 looks for it late: a few
 * values in a row would take several times their size. This takes about a millisecond.
 */
export function freeBuffers(size: number): void {
  if (size > worthIt) collect({ type: 'minor' })
}
