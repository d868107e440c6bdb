import pino, { type Logger } from 'pino'

/** What a log line may say: ids, names of things that happen, sizes and times. No payloads, headers, addresses with query strings. */
export interface LogFields {
  process?: string
  requestId?: string
  organizationId?: string
  userId?: string
  apiKeyId?: string
  workflowId?: string
  versionId?: string
  runId?: string
  path?: string
  attempt?: number
  nodeType?: string
  scheduleId?: string
  endpointId?: string
  deadLetterId?: string
  holderId?: string
  procedure?: string
  method?: string
  route?: string
  status?: number | string
  code?: string
  durationMs?: number
  bytes?: number
  count?: number
  epoch?: number
  port?: number
  host?: string
  build?: string
  reason?: string
  error?: unknown
}

const allowed: ReadonlySet<string> = new Set([
  'process',
  'requestId',
  'organizationId',
  'userId',
  'apiKeyId',
  'workflowId',
  'versionId',
  'runId',
  'path',
  'attempt',
  'nodeType',
  'scheduleId',
  'endpointId',
  'deadLetterId',
  'holderId',
  'procedure',
  'method',
  'route',
  'status',
  'code',
  'durationMs',
  'bytes',
  'count',
  'epoch',
  'port',
  'host',
  'build',
  'reason',
] satisfies (keyof LogFields)[])

export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  child(fields: LogFields): Log
}

const levels: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']
const asked = process.env.LOG_LEVEL ?? ''

/** JSON lines on stdout; a field that is not in the list is dropped. */
export const log: Log = createLog(pino({ level: levels.includes(asked) ? asked : 'info', base: { pid: process.pid } }))

export function createLog(to: Logger): Log {
  return {
    debug: (message, fields) => to.debug(keep(fields), message),
    info: (message, fields) => to.info(keep(fields), message),
    warn: (message, fields) => to.warn(keep(fields), message),
    error: (message, fields) => to.error(keep(fields), message),
    child: (fields) => createLog(to.child(keep(fields))),
  }
}

function keep(fields: LogFields = {}): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'error') kept.error = describe(value)
    else if (allowed.has(name) && value !== undefined && value !== null && typeof value !== 'object') kept[name] = value
  }
  return kept
}

/** Name, message and stack; the message of a database error may quote values, so only its code and constraint are kept. */
function describe(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { name: typeof error }
  const { code, constraint_name: constraint, table_name: table, routine } = error as Error & Record<string, unknown>
  const fromDatabase = typeof routine === 'string' || error.name === 'DrizzleQueryError'
  return {
    name: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(fromDatabase ? { constraint, table } : { message: error.message.slice(0, 500) }),
    stack: error.stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12)
      .join('\n'),
    ...(error.cause && depth < 3 ? { cause: describe(error.cause, depth + 1) } : {}),
  }
}
