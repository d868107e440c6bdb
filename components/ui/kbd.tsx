import type { ReactNode } from 'react'

export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className="rounded-sm border bg-surface px-1 font-sans text-11 font-medium whitespace-nowrap text-text-3">{children}</kbd>
}
