import { now } from '@/server/clock'
import { type LogLevel, type LogLine, limitedLogs, logLimits } from '@/workflows/nodes/log-line'

export interface StepLog {
  /** What an executor is handed as `log`. */
  write(text: string, level?: LogLevel): void
  /** All lines as a record keeps them, behind those that were written these of people's code. */
  with(more?: readonly LogLine[]): { logs?: LogLine[] }
}

/** What one attempt of a step writes; `redact` hides every secret that was sent until it is asked for. */
export function createStepLog(redact: (text: string) => string): StepLog {
  const written: LogLine[] = []
  return {
    write(text, level = 'info') {
      if (written.length > logLimits.lines) return
      // Secrets are hidden before a line is cut to its length: half of one would not be known as it.
      written.push({ at: now().toISOString(), level, text: text.slice(0, 2 * logLimits.characters) })
    },
    with(more = []) {
      const all = [...written, ...more].map((line) => ({ ...line, text: redact(line.text) }))
      return all.length > 0 ? { logs: limitedLogs(all) } : {}
    },
  }
}
