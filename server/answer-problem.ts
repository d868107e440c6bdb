import type { ServerResponse } from 'node:http'
import { problemOf, type WireProblem } from '@/server/api/problem'
import { ServiceError } from '@/server/services/service-error'

/** The one shape of an error outside tRPC. */
export function answerProblem(response: ServerResponse, error: unknown, requestId: string): WireProblem {
  const problem = problemOf(error, requestId)
  if (response.headersSent) {
    response.destroy()
    return problem
  }
  const cause = (error as { cause?: unknown }).cause
  const said = error instanceof ServiceError ? error : cause instanceof ServiceError ? cause : null
  const retryAfter = said?.retryAfterSeconds ?? (problem.code === 'UNAVAILABLE' ? 5 : null)
  if (retryAfter !== null) response.setHeader('Retry-After', String(retryAfter))
  if (problem.code === 'UNAUTHORIZED') response.setHeader('WWW-Authenticate', 'Bearer')
  // A body that was not read to its end would be taken for the next request.
  if (problem.code === 'PAYLOAD_TOO_LARGE') response.setHeader('Connection', 'close')
  response.statusCode = problem.status
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8')
  response.setHeader('Cache-Control', 'no-store')
  response.end(JSON.stringify(problem))
  return problem
}
