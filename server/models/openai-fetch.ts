import type { GuardedFetch } from '@/workflows/nodes/define'

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** The guarded door in the shape that the openai package calls; its made-up key never leaves, the door adds the real one. */
export function openaiFetch(fetch: GuardedFetch, credential: string): Fetch {
  return async (input, init = {}) => {
    const headers = Object.fromEntries(new Headers(init.headers))
    delete headers.authorization
    const response = await fetch(input instanceof Request ? input.url : String(input), {
      method: init.method ?? 'GET',
      headers,
      ...(typeof init.body === 'string' ? { body: init.body } : {}),
      ...(init.signal ? { signal: init.signal } : {}),
      credential,
      redirect: 'manual',
    })
    const empty = response.status === 204 || response.status === 304
    return new Response(empty ? null : toStream(response.body), { status: response.status, headers: response.headers })
  }
}

function toStream(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const next = await chunks.next()
      if (next.done) controller.close()
      else controller.enqueue(next.value)
    },
    async cancel() {
      await chunks.return?.()
    },
  })
}
