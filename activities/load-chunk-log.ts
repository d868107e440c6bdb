import { chunkRows, type TakenChunk } from '@/db/chunks'
import { createLogFold, type FoldedLog } from '@/workflows/runtime/fold-log'
import type { Plan } from '@/workflows/runtime/types'
import { bringNeeded, slimRecordOf } from './load-log'

/** What happened so far in a chunk's items and outside of loops. */
export async function loadChunkLog(chunk: TakenChunk, plan: Plan): Promise<FoldedLog> {
  const fold = createLogFold(plan)
  for (const row of await chunkRows(chunk)) fold.add(slimRecordOf(row))
  const folded = fold.end()
  await bringNeeded(chunk.organizationId, plan, folded.log)
  return folded
}
