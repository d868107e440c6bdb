import { countWorkers, startChunks, stopChunks } from '@/db/chunks'
import type { Fence } from '@/db/engine'
import { limits } from '@/workflows/limits'
import { spreadOf } from '@/workflows/runtime/chunks'
import { FencedError, type Host } from '@/workflows/runtime/types'
import { whileAway } from './while-away'

const patienceMs = 20_000

interface Sharing extends Required<Pick<Host, 'leastShared' | 'startChunks' | 'stopChunks'>> {
  /** Something was handed to other workers. */
  readonly began: boolean
}

/** Hands a run's loops to other workers, under its fence. */
export function createSharing(fence: Fence): Sharing {
  let began = false
  return {
    leastShared: limits.chunkedItems,
    get began() {
      return began
    },
    async startChunks({ path, items, concurrency }) {
      const spread = spreadOf({ items, concurrency }, await whileAway(() => countWorkers(), patienceMs))
      if (!spread) return false
      const started = await whileAway(() => startChunks(fence, path, { items, ...spread }), patienceMs)
      if (started === null) throw new FencedError('another worker has this run')
      began = true
      return true
    },
    async stopChunks(path) {
      const over = await whileAway(() => stopChunks(fence, path), patienceMs)
      if (over === null) throw new FencedError('another worker has this run')
    },
  }
}
