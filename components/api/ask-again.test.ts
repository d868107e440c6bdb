import { QueryCache, QueryClient, QueryObserver } from '@tanstack/react-query'
import { TRPCClientError } from '@trpc/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createAskAgain } from './ask-again'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const problem = (code: string) =>
  new TRPCClientError('away', {
    result: { error: { code: -32000, message: 'away', data: { code, problem: { title: 'away', code } } } } as never,
  })

function page(load: (up: boolean) => unknown) {
  const state = { up: false, asked: 0 }
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: createAskAgain(
        () => client,
        async () => {
          state.asked += 1
          return state.up
        },
      ),
    }),
    defaultOptions: { queries: { retry: false } },
  })
  const observer = new QueryObserver(client, { queryKey: ['runs'], queryFn: async () => load(state.up) })
  const close = observer.subscribe(() => {})
  return {
    state,
    observer,
    close() {
      close()
      client.clear()
    },
  }
}

it('loads again what could not be loaded, when the server answers and not before', async () => {
  let loads = 0
  const { state, observer, close } = page((up) => {
    loads += 1
    if (!up) throw problem('UNAVAILABLE')
    return 'runs'
  })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(loads).toBe(1)
  expect(state.asked).toBeGreaterThan(2)
  state.up = true
  await vi.advanceTimersByTimeAsync(30_000)
  expect(observer.getCurrentResult()).toMatchObject({ status: 'success', data: 'runs' })
  const { asked } = state
  await vi.advanceTimersByTimeAsync(120_000)
  expect(state.asked).toBe(asked)
  close()
})

it('asks nothing where the answer was a refusal, or nobody looks any more', async () => {
  const refused = page(() => {
    throw problem('FORBIDDEN')
  })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(refused.state.asked).toBe(0)
  refused.close()
  const left = page(() => {
    throw problem('UNAVAILABLE')
  })
  await vi.advanceTimersByTimeAsync(100)
  left.close()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(left.state.asked).toBe(0)
})
