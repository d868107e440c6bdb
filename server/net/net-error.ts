import { NodeError } from '@/workflows/nodes/errors'

/** What went wrong between us and `url`, in words; NodeErrors found among the causes are kept. */
export function netError(error: unknown, url: URL, signal: AbortSignal | undefined): NodeError {
  for (const cause of causesOf(error)) if (cause instanceof NodeError) return cause
  if (signal?.aborted && !isTimeout(signal.reason)) {
    return new NodeError({ class: 'cancelled', code: 'net.cancelled', message: `The call to ${url.host} was stopped.` })
  }
  if (isTimeout(error) || isTimeout(signal?.reason)) return tookTooLong(url)
  const codes = new Set(causesOf(error).map((cause) => (cause as { code?: unknown }).code))
  const has = (...wanted: string[]): boolean => wanted.some((code) => codes.has(code))
  if (has('ENOTFOUND')) {
    return new NodeError({
      class: 'not_found',
      code: 'net.unknown_host',
      message: `There is no host called ${url.hostname}.`,
      hint: 'Check the URL.',
    })
  }
  if (has('UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT', 'ERR_TLS_HANDSHAKE_TIMEOUT')) {
    return tookTooLong(url)
  }
  if (has('ECONNREFUSED')) {
    return new NodeError({
      class: 'transient',
      code: 'net.refused',
      message: `Nothing answers at ${url.host}.`,
      hint: 'Check host and port, and whether the service is up.',
    })
  }
  if ([...codes].some((code) => typeof code === 'string' && untrusted.test(code))) {
    return new NodeError({
      class: 'bad_data',
      code: 'net.tls',
      message: `The certificate of ${url.host} cannot be trusted.`,
      hint: 'It may have expired or belong to another host; its owner must mend it.',
    })
  }
  if (has('UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', 'ERR_INVALID_CHAR'))
    return invalidRequest(error)
  if (has('UND_ERR_HEADERS_OVERFLOW') || [...codes].some((code) => typeof code === 'string' && code.startsWith('HPE_'))) {
    return new NodeError({
      class: 'bad_data',
      code: 'net.not_http',
      message: `${url.host} answers something that is not HTTP.`,
      hint: 'Check host and port, and whether the address begins with http:// or https://.',
    })
  }
  if (codes.size > 0 && [...codes].some((code) => typeof code === 'string')) {
    return new NodeError({
      class: 'transient',
      code: 'net.broken',
      message: `The connection to ${url.host} broke off.`,
      hint: 'Another try may work.',
    })
  }
  if (error instanceof TypeError && error.message !== 'fetch failed' && error.message !== 'terminated') return invalidRequest(error)
  return new NodeError({
    class: 'transient',
    code: 'net.broken',
    message: `The call to ${url.host} failed.`,
    hint: 'Another try may work.',
  })
}

/** Of certificates and of the handshake; a connection that breaks off in it has the code of one that breaks off. */
const untrusted = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|EPROTO/

function invalidRequest(error: unknown): NodeError {
  return new NodeError({
    class: 'bad_data',
    code: 'net.request',
    message: 'The request has a header or a body that cannot be sent.',
    hint: 'Header names are single words, and header values have no line breaks.',
    details: error instanceof Error ? error.message.slice(0, 200) : null,
  })
}

function tookTooLong(url: URL): NodeError {
  return new NodeError({
    class: 'timeout',
    code: 'net.timeout',
    message: `${url.host} did not answer in time.`,
    hint: 'Another try may work; a longer timeout can be set under the step’s settings.',
  })
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

function causesOf(error: unknown): unknown[] {
  const found: unknown[] = []
  const todo = [error]
  while (todo.length > 0 && found.length < 20) {
    const next = todo.shift()
    if (typeof next !== 'object' || next === null) continue
    found.push(next)
    todo.push((next as { cause?: unknown }).cause)
    if (next instanceof AggregateError) todo.push(...next.errors)
  }
  return found
}
