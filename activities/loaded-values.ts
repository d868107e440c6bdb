import { blobStore } from '@/server/services/blobs/blob-store'
import type { Json } from '@/workflows/graph/schema'
import type { StoredValues } from '@/workflows/runtime/types'
import { freeBuffers } from './free-buffers'

/** Large values that runs read again and again stay in memory, up to so many characters of JSON for the whole worker. */
const mostCharacters = 16 * 1024 * 1024

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

/** Here and not where the text was read, so that nothing holds it any more when memory is freed. */
function parsed(text: string | undefined): Loaded | null {
  return text === undefined ? null : { value: JSON.parse(text) as Json, size: text.length }
}

/** Values of one organization by their hash, for one run's slice; `met` hears that there are any. */
export function createLoadedValues(organizationId: string, met: () => void = () => {}): LoadedValues {
  const sizes = new Map<string, number>()
  const keyOf = (hash: string) => `${organizationId}/${hash}`

  return {
    sized(hash, size) {
      sizes.set(hash, size)
      met()
    },
    peek(hash) {
      const key = keyOf(hash)
      const found = loaded.get(key)
      if (!found) return undefined
      loaded.delete(key)
      loaded.set(key, found)
      met()
      return found.value
    },
    async load(hash) {
      const found = parsed((await blobStore.texts(organizationId, [hash])).get(hash))
      if (!found) return undefined
      met()
      sizes.set(hash, found.size)
      freeBuffers(found.size)
      return found.value
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
