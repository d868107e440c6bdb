export const serviceErrorCodes = [
  'BAD_REQUEST',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'GONE',
  'PAYLOAD_TOO_LARGE',
  'UNPROCESSABLE',
  'TOO_MANY_REQUESTS',
  'UNAVAILABLE',
  'INTERNAL',
] as const
export type ServiceErrorCode = (typeof serviceErrorCodes)[number]

export const statusOfCode: Record<ServiceErrorCode, number> = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  GONE: 410,
  PAYLOAD_TOO_LARGE: 413,
  UNPROCESSABLE: 422,
  TOO_MANY_REQUESTS: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
}

export interface ServiceErrorDetails {
  /** JSON Pointer into what was sent. */
  pointer?: string
  /** What to do, when the message does not say it. */
  hint?: string
  limit?: number
  retryAfterSeconds?: number
  /** All problems of what was sent, up to 200. */
  problems?: readonly unknown[]
  cause?: unknown
}

/** The caller's mistake, or something the caller has to know. The message is shown to people: it says what is wrong and what to do. */
export class ServiceError extends Error {
  readonly code: ServiceErrorCode
  readonly pointer: string | undefined
  readonly hint: string | undefined
  readonly limit: number | undefined
  readonly retryAfterSeconds: number | undefined
  readonly problems: readonly unknown[] | undefined

  constructor(code: ServiceErrorCode, message: string, details: ServiceErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'ServiceError'
    this.code = code
    this.pointer = details.pointer
    this.hint = details.hint
    this.limit = details.limit
    this.retryAfterSeconds = details.retryAfterSeconds
    this.problems = details.problems
  }

  get status(): number {
    return statusOfCode[this.code]
  }
}

/** Somebody else's and a missing one look exactly alike. */
export function notFound(what: string): ServiceError {
  return new ServiceError('NOT_FOUND', `There is no such ${what}, or it was deleted.`, {
    hint: 'Check the address, or ask who sent it to you.',
  })
}
