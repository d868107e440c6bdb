import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { createAskAgain } from './ask-again'
import { isWorthRetrying } from './problem'

declare module '@tanstack/react-query' {
  interface Register {
    /** `inline`: the view shows the error itself, so no toast. */
    mutationMeta: { inline?: boolean }
    /** `followsDraft`: the view takes in each edit of the draft itself. */
    queryMeta: { followsDraft?: boolean }
  }
}

export function createQueryClient(onMutationError: (error: unknown) => void) {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: createAskAgain(() => client) }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        if (!mutation.meta?.inline) onMutationError(error)
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => failures < 4 && isWorthRetrying(error),
        retryDelay: (attempt) => Math.min(8_000, 400 * 2 ** attempt),
        throwOnError: false,
      },
    },
  })
  return client
}
