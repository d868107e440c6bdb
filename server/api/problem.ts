import { TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import { ServiceError, type ServiceErrorCode, statusOfCode } from '@/server/services/service-error'
import { issueSentence } from '@/workflows/graph/issue-sentence'

/** What went wrong, as tRPC, REST and webhooks say it (RFC 9457). */
export interface WireProblem {
  type: string
  title: string
  status: number
  code: ServiceErrorCode
  detail: string
  pointer?: string
  limit?: number
  hint: string
  requestId: string | null
  problems?: unknown[]
}

const trpcCodes = {
  BAD_REQUEST: 'BAD_REQUEST',
  UNAUTHORIZED: 'UNAUTHORIZED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  GONE: 'NOT_FOUND',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  UNPROCESSABLE: 'UNPROCESSABLE_CONTENT',
  TOO_MANY_REQUESTS: 'TOO_MANY_REQUESTS',
  UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  INTERNAL: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<ServiceErrorCode, TRPCError['code']>

export function trpcCodeOf(code: ServiceErrorCode): TRPCError['code'] {
  return trpcCodes[code]
}

const titles: Record<ServiceErrorCode, string> = {
  BAD_REQUEST: 'The request is not right',
  UNAUTHORIZED: 'Not signed in',
  FORBIDDEN: 'Not allowed',
  NOT_FOUND: 'Not found',
  CONFLICT: 'Conflict',
  GONE: 'No longer there',
  PAYLOAD_TOO_LARGE: 'Too large',
  UNPROCESSABLE: 'Cannot be done as it is',
  TOO_MANY_REQUESTS: 'Too many requests',
  UNAVAILABLE: 'Not available now',
  INTERNAL: 'Something went wrong on our side',
}
const hints: Record<ServiceErrorCode, string> = {
  BAD_REQUEST: 'Correct what is named and send it again.',
  UNAUTHORIZED: 'Sign in, or send an API key: Authorization: Bearer mr_….',
  FORBIDDEN: 'Ask an owner or admin of the organization.',
  NOT_FOUND: 'Check the address, or ask who sent it to you.',
  CONFLICT: 'Load it again and repeat the change.',
  GONE: 'Ask for a new link.',
  PAYLOAD_TOO_LARGE: 'Send less at once.',
  UNPROCESSABLE: 'Correct what is named and try again.',
  TOO_MANY_REQUESTS: 'Wait as long as Retry-After says.',
  UNAVAILABLE: 'Try again in a few seconds.',
  INTERNAL: 'Try again; if it stays, give the request id to whoever runs this instance.',
}

export function problemOf(error: unknown, requestId: string | null): WireProblem {
  const cause = error instanceof TRPCError && error.cause ? error.cause : error
  if (cause instanceof ServiceError) return ofServiceError(cause, requestId)
  if (cause instanceof ZodError && error instanceof TRPCError && error.code === 'BAD_REQUEST') return ofZodError(cause, requestId)
  if (isAway(cause)) {
    return sqlStateOf(cause) === '53100'
      ? make('UNAVAILABLE', 'The disk of the database is full; this was not saved.', requestId, {
          hint: 'Free space on it, then try again. Nothing that was accepted before is lost.',
        })
      : make('UNAVAILABLE', 'The database does not answer.', requestId)
  }
  if (error instanceof TRPCError && error.code !== 'INTERNAL_SERVER_ERROR') {
    const code = codeOfTrpc(error.code)
    return make(code, wordsOfTrpc(code, error), requestId)
  }
  return make('INTERNAL', 'Something went wrong on our side.', requestId)
}

/** What tRPC itself refused; where it hands on somebody else's error, those words are not for people. */
function wordsOfTrpc(code: ServiceErrorCode, error: TRPCError): string {
  if (code === 'NOT_FOUND') return 'There is no such procedure.'
  return error.cause === undefined ? error.message : 'The request cannot be read.'
}

function make(code: ServiceErrorCode, detail: string, requestId: string | null, extra: Partial<WireProblem> = {}): WireProblem {
  return {
    type: `https://millrace.dev/problems/${code.toLowerCase().replaceAll('_', '-')}`,
    title: titles[code],
    status: statusOfCode[code],
    code,
    detail,
    hint: hints[code],
    requestId,
    ...extra,
  }
}

function ofServiceError(error: ServiceError, requestId: string | null): WireProblem {
  return make(error.code, error.message, requestId, {
    ...(error.pointer === undefined ? {} : { pointer: error.pointer }),
    ...(error.limit === undefined ? {} : { limit: error.limit }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.problems === undefined ? {} : { problems: [...error.problems] }),
  })
}

function ofZodError(error: ZodError, requestId: string | null): WireProblem {
  const problems = error.issues
    .slice(0, 200)
    .map((issue) => ({ code: issue.code, pointer: pointerOf(issue), message: issueSentence(issue) }))
  const first = problems[0]
  return make('BAD_REQUEST', first ? `${first.pointer || 'The request'}: ${first.message}` : 'The request is not right.', requestId, {
    ...(first ? { pointer: first.pointer } : {}),
    problems,
  })
}

type Issue = ZodError['issues'][number]

function pointerOf(issue: Issue): string {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

const awayCodes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|CONNECT_TIMEOUT|CONNECTION_CLOSED|CONNECTION_ENDED|CONNECTION_DESTROYED|08...|57P0[123]|53...)$/

/** Whether the database, not the request, is what failed. */
export function isAway(error: unknown): boolean {
  return awayCodes.test(sqlStateOf(error) ?? '')
}

/** The first code on the way down the causes: Postgres's or the connection's. */
function sqlStateOf(error: unknown): string | null {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  if (typeof code === 'string' && awayCodes.test(code)) return code
  return cause === undefined || cause === null || cause === error ? null : sqlStateOf(cause)
}

function codeOfTrpc(code: TRPCError['code']): ServiceErrorCode {
  const found = (Object.entries(trpcCodes) as [ServiceErrorCode, string][]).find(([, wire]) => wire === code)
  return found?.[0] ?? 'BAD_REQUEST'
}
