import type { z } from 'zod'
import type { logLine } from '@/server/services/shapes'
import { type LogLevel, logLevels } from '@/workflows/nodes/log-line'

/** What a step's row has of lines; those that were written before lines had a time and a level are plain texts. */
export function logsFrom(stored: unknown): z.infer<typeof logLine>[] {
  return Array.isArray(stored) ? stored.map(lineFrom) : []
}

function lineFrom(stored: unknown): z.infer<typeof logLine> {
  const { at, level, text } = (stored ?? {}) as Record<string, unknown>
  if (typeof text !== 'string') return { at: null, level: 'info', text: typeof stored === 'string' ? stored : JSON.stringify(stored) }
  const time = new Date(String(at))
  return {
    at: Number.isNaN(time.getTime()) ? null : time,
    level: logLevels.includes(level as LogLevel) ? (level as LogLevel) : 'info',
    text,
  }
}
