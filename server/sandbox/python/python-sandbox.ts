/** A way to run Python behind a boundary: a program that reads one call from its standard input and answers on its fourth channel. */
export interface PythonSandbox {
  kind: 'namespaces' | 'pyodide'
  /** What a person reads about it. */
  name: string
  file: string
  args: readonly string[]
  /** Goes in with each call, where the program is not among the arguments. */
  program?: string
  /** The account that it runs as, where the worker's own may do too much. */
  user?: number
  /** Milliseconds it may take to begin, which are not the code's. */
  startMs: number
}

/** What goes in, as JSON. */
export interface PythonCall {
  source: string
  /** JSON of an object; the code reads its fields by their names. */
  globals: string
  memoryBytes: number
  outputBytes: number
  cpuSeconds: number
}

/** What it says before the code begins. */
export const pythonReady = 'ready\n'

/** The first line of what comes out; the rest is the JSON returned, or what went wrong. */
export const pythonReplies = ['ok', 'syntax', 'threw', 'memory', 'stack', 'too_large', 'not_json', 'unavailable'] as const
export type PythonReply = (typeof pythonReplies)[number]
