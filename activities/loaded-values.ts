import { blobStore } from '@/server/services/blobs/blob-store'
import type { Json } from '@/workflows/graph/schema'
import type { StoredValues } from '@/workflows/runtime/types'
import { freeBuffers } from './free-buffers'

/** Large values that runs read again and again stay in memory, up to so many characters of JSON for the whole worker. */
const mostCharacters = 32 * 1024 * 1024

interface Loaded {
  value: Json
  size: number
}

const loaded = new Map<string, Loaded>()
let total = 0

export interface LoadedValues extends StoredValues {
  /** The size of what was just stored, by its hash. */
  sized(hash: string, size: number): void
}

/** Values of one organization by their hash, for one run's slice. */
export function createLoadedValues(organizationId: string): LoadedValues {
  const sizes = new Map<string, number>()
  const keyOf = (hash: string) => `${organizationId}/${hash}`

  return {
    sized: (hash, size) => sizes.set(hash, size),
    peek(hash) {
      const key = keyOf(hash)
      const found = loaded.get(key)
      if (!found) return undefined
      loaded.delete(key)
      loaded.set(key, found)
      return found.value
    },
    async load(hash) {
      const text = (await blobStore.texts(organizationId, [hash])).get(hash)
      if (text === undefined) return undefined
      sizes.set(hash, text.length)
      freeBuffers(text.length)
      return JSON.parse(text) as Json
    },
    keep(hash, value) {
      const size = sizes.get(hash)
      const key = keyOf(hash)
      if (size === undefined || size > mostCharacters || loaded.has(key)) return
      loaded.set(key, { value, size })
      total += size
      for (const [oldest, { size: freed }] of loaded) {
        if (total <= mostCharacters) break
        loaded.delete(oldest)
        total -= freed
      }
    },
  }
}
