import type { Query, QueryClient } from '@tanstack/react-query'
import { isWorthRetrying } from './problem'

const firstMs = 3_000
const longestMs = 30_000

/**
 * Loads what is on screen and could not be loaded while the server was away, once it answers again; nobody has to press *Try again*. A small
 * question goes ahead, so that a page that says what is wrong does not turn grey at every try.
 */
export function createAskAgain(client: () => QueryClient, answers: () => Promise<boolean> = serverAnswers) {
  let waitMs = firstMs
  let timer: ReturnType<typeof setTimeout> | null = null
  const failed = () => client().getQueryCache().findAll({ type: 'active', predicate: isWaiting })
  const look = async () => {
    if (failed().length > 0 && (await answers())) await client().refetchQueries({ type: 'active', predicate: isWaiting })
    timer = null
    waitMs = Math.min(longestMs, waitMs * 2)
    if (failed().length > 0) watch()
    else waitMs = firstMs
  }
  const watch = () => {
    if (!timer) timer = setTimeout(() => void look(), waitMs)
  }
  return (error: unknown) => {
    if (isWorthRetrying(error)) watch()
  }
}

function isWaiting(query: Query): boolean {
  return query.state.status === 'error' && isWorthRetrying(query.state.error)
}

async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch('/api/trpc/setup.status')).ok
  } catch {
    return false
  }
}
