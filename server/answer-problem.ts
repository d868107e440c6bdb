import type { IncomingMessage, ServerResponse } from 'node:http'
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
  if (problem.code === 'PAYLOAD_TOO_LARGE') forgetRest(response.req)
  response.statusCode = problem.status
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8')
  response.setHeader('Cache-Control', 'no-store')
  response.end(JSON.stringify(problem))
  return problem
}

const mostForgottenBytes = 64 * 1024 * 1024
const mostForgettingMs = 10_000

/** Whoever is still sending would see a broken pipe instead of the answer: what comes is read and forgotten, within limits. */
function forgetRest(request: IncomingMessage): void {
  let bytes = 0
  const timer = setTimeout(() => request.socket.destroy(), mostForgettingMs)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > mostForgottenBytes) request.socket.destroy()
  })
  request.resume()
}
