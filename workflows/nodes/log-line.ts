export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

/** What a step wrote, as its record keeps it. */
export interface LogLine {
  /** When it was written, ISO 8601 with milliseconds, by the clock that runs go by. */
  at: string
  level: LogLevel
  text: string
}

export const logLimits = { lines: 200, characters: 2_000 } as const

/** Lines that stand before and behind each other as a record keeps them: what is too much is cut, and said. */
export function limitedLogs(lines: readonly LogLine[]): LogLine[] {
  const kept = lines.slice(0, logLimits.lines).map((line) => ({ ...line, text: line.text.slice(0, logLimits.characters) }))
  const first = lines[logLimits.lines]
  return first ? [...kept, { at: first.at, level: 'warn', text: linesLeftOut }] : kept
}

/** Stands in place of the lines behind the last that is kept; the sandboxes say the same. */
const linesLeftOut = 'Further lines were left out.'
