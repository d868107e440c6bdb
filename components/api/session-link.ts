import type { TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import type { AppRouter } from '@/server/api/root'
import { isUnauthorized } from './problem'
import { useSessionGate } from './session-gate'

/** Holds an operation that met an expired session until the person has signed in again, then sends it once more: nothing typed is lost. */
export const sessionLink: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) => {
      let stopped = false
      let attempt = send()
      function send() {
        return next(op).subscribe({
          next: (value) => observer.next(value),
          complete: () => observer.complete(),
          error: (error) => {
            const gate = useSessionGate.getState()
            if (op.type === 'subscription' || !isUnauthorized(error) || !gate.wasSignedIn) return observer.error(error)
            gate.waitForSignIn().then(
              () => {
                if (!stopped) attempt = send()
              },
              () => observer.error(error),
            )
          },
        })
      }
      return () => {
        stopped = true
        attempt.unsubscribe()
      }
    })
