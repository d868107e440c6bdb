import type { Json } from '../graph/schema'
import { limits } from '../limits'
import { NodeError } from './errors'

/** About how many bytes a value takes as JSON, told without making it. */
export function sizeOf(value: Json): number {
  let size = 0
  const todo: Json[] = [value]
  while (todo.length > 0) {
    const next = todo.pop() as Json
    if (typeof next === 'string') size += next.length + 2
    else if (typeof next !== 'object' || next === null) size += 6
    else if (Array.isArray(next)) {
      size += next.length + 2
      for (const item of next) todo.push(item)
    } else {
      size += 2
      for (const key in next) {
        size += key.length + 4
        todo.push(next[key] as Json)
      }
    }
  }
  return size
}

/** Adds up what a step makes; more than a value may have is refused before it is made. */
export function createSizeMeter(): { add(bytes: number): void } {
  let total = 0
  return {
    add(bytes) {
      total += bytes
      if (total > limits.valueBytes) throw tooLarge()
    },
  }
}

export function tooLarge(): NodeError {
  return new NodeError({
    class: 'bad_data',
    code: 'value.too_large',
    message: `The result would be larger than ${limits.valueBytes / 1024 / 1024} MB.`,
    hint: 'Keep only the fields that are needed, or work on fewer items.',
  })
}
