import { create } from 'zustand'

type SessionGate = {
  /** True once this page has seen a signed-in answer: only then may a lost session be repaired in place. */
  wasSignedIn: boolean
  expired: boolean
  markSignedIn: () => void
  /** Resolves when the person has signed in again; rejects when they leave. */
  waitForSignIn: () => Promise<void>
  signedInAgain: () => void
  leave: () => void
}

let waiting: { resolve: () => void; reject: (reason: Error) => void }[] = []

export const useSessionGate = create<SessionGate>((set, get) => ({
  wasSignedIn: false,
  expired: false,
  markSignedIn: () => {
    if (!get().wasSignedIn) set({ wasSignedIn: true })
  },
  waitForSignIn: () => {
    set({ expired: true })
    return new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }))
  },
  signedInAgain: () => {
    const resumed = waiting
    waiting = []
    set({ expired: false })
    for (const one of resumed) one.resolve()
  },
  leave: () => {
    const dropped = waiting
    waiting = []
    set({ expired: false, wasSignedIn: false })
    for (const one of dropped) one.reject(new Error('Signed out'))
  },
}))
