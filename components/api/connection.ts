import { create } from 'zustand'

type Connection = {
  live: 'idle' | 'connecting' | 'open'
  /** Set while requests fail to reach the server. */
  unreachable: boolean
  setLive: (live: Connection['live']) => void
  setUnreachable: (unreachable: boolean) => void
}

export const useConnection = create<Connection>((set, get) => ({
  live: 'idle',
  unreachable: false,
  setLive: (live) => {
    if (get().live !== live) set({ live })
  },
  setUnreachable: (unreachable) => {
    if (get().unreachable !== unreachable) set({ unreachable })
  },
}))
