import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { SearchParamsContext } from 'next/dist/shared/lib/hooks-client-context.shared-runtime'
import { NextIntlClientProvider } from 'next-intl'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { createQueryClient } from '@/components/api/create-query-client'
import { sessionLink } from '@/components/api/session-link'
import { TRPCProvider } from '@/components/api/trpc'
import type { AppRouter } from '@/server/api/root'

const folder = path.join(process.cwd(), 'messages/en')
const messages = Object.fromEntries(
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => [path.basename(file, '.json'), JSON.parse(readFileSync(path.join(folder, file), 'utf8'))]),
)

export type Handlers = Record<string, (input: never) => unknown>

/** An error as the API sends it. */
export function refusal(code: string, detail: string) {
  return new TRPCClientError<AppRouter>(detail, {
    result: { error: { code: -32000, message: detail, data: { code, problem: { title: detail, detail, code, status: 400 } } } } as never,
  })
}

/** Draws a component under everything the frame gives it; `handlers` answer the API by procedure, a thrown error is the answer's error. */
export function renderWithApi(ui: ReactNode, handlers: Handlers = {}) {
  const queryClient = createQueryClient(() => {})
  const trpcClient = createTRPCClient<AppRouter>({ links: [sessionLink, answering(handlers)] })
  return {
    queryClient,
    ...render(
      <NextIntlClientProvider locale="en" messages={messages} timeZone="UTC">
        <QueryClientProvider client={queryClient}>
          <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
            <AddressBar>{ui}</AddressBar>
          </TRPCProvider>
        </QueryClientProvider>
      </NextIntlClientProvider>,
    ),
  }
}

function answering(handlers: Handlers): TRPCLink<AppRouter> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        void Promise.resolve()
          .then(() => {
            const handler = handlers[op.path]
            if (!handler) throw new Error(`The test has no answer for ${op.path}`)
            return handler(op.input as never)
          })
          .then(
            (data) => {
              observer.next({ result: { type: 'data', data } })
              observer.complete()
            },
            (error) => observer.error(error),
          )
      })
}

/** Follows `history.replaceState` as Next's router does. */
function AddressBar({ children }: { children: ReactNode }) {
  const [search, setSearch] = useState(window.location.search)
  useEffect(() => {
    const replace = window.history.replaceState
    window.history.replaceState = (...given) => {
      replace.apply(window.history, given)
      setSearch(window.location.search)
    }
    return () => {
      window.history.replaceState = replace
    }
  }, [])
  const params = useMemo(() => new URLSearchParams(search), [search])
  return <SearchParamsContext value={params}>{children}</SearchParamsContext>
}
