import { log } from '@/server/log'
import { startSequels } from '@/server/services/runs/start-sequels'
import { nudgeRun } from '@/server/temporal/nudge'

/** Moves on what the end of a run concerns: runs that waited for it, and what is started because of it. What fails here the sweep finds. */
export async function wakeLinked(words: readonly string[]): Promise<void> {
  await Promise.all(
    words.map(async (word) => {
      const runId = word.replace(/^[a-z]+/, 'run')
      try {
        if (word.startsWith('run_')) await nudgeRun(runId)
        else for (const started of await startSequels(runId)) await nudgeRun(started)
      } catch (error) {
        log.warn('what follows a run could not be started; the sweep will', { runId, error })
      }
    }),
  )
}
