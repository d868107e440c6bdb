import { isTRPCClientError } from '@trpc/client'
import { spoken } from '@/workflows/words/spoken'

/** What the API says went wrong (RFC 9457). `pointer` names the field, `hint` what to do. */
export type Problem = {
  type?: string
  title: string
  status?: number
  code: string
  detail?: string
  pointer?: string
  limit?: unknown
  hint?: string
  requestId?: string
  problems?: { code: string; message: string; nodeId?: string; pointer?: string }[]
}

function inPageWords(problem: Problem): Problem {
  return {
    ...problem,
    title: spoken(problem.title),
    ...(problem.detail === undefined ? {} : { detail: spoken(problem.detail) }),
    ...(problem.hint === undefined ? {} : { hint: spoken(problem.hint) }),
    ...(problem.problems ? { problems: problem.problems.map((one) => ({ ...one, message: spoken(one.message) })) } : {}),
  }
}

/** The problem inside an error of the API; null when the server was never reached. */
export function problemOf(error: unknown): Problem | null {
  if (!isTRPCClientError(error)) return null
  const data = error.data as { problem?: Problem; code?: string; httpStatus?: number } | null | undefined
  if (data?.problem) return inPageWords(data.problem)
  if (data?.code) return { title: spoken(error.message), code: data.code, status: data.httpStatus, detail: spoken(error.message) }
  return null
}

export function isUnauthorized(error: unknown) {
  return problemOf(error)?.code === 'UNAUTHORIZED'
}

/** True when asking again may help: the network, or a server that is busy or restarting. */
export function isWorthRetrying(error: unknown) {
  const problem = problemOf(error)
  if (!problem) return isTRPCClientError(error)
  return ['UNAVAILABLE', 'SERVICE_UNAVAILABLE', 'BAD_GATEWAY', 'GATEWAY_TIMEOUT', 'TIMEOUT'].includes(problem.code)
}
