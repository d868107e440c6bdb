'use client'

import { cn } from './cn'
import { formatDuration } from './format'
import { useNow } from './time-zone'

/** A span of time: fixed by `ms`, or counting from `since` while something runs. */
export function Duration({ ms, since, className }: { ms?: number | null; since?: Date | null; className?: string }) {
  if (ms === null || ms === undefined) return since ? <Counting since={since} className={className} /> : null
  return <span className={cn('num whitespace-nowrap', className)}>{formatDuration(ms)}</span>
}

function Counting({ since, className }: { since: Date; className?: string }) {
  const now = useNow(1000)
  return <span className={cn('num whitespace-nowrap', className)}>{formatDuration(Math.max(0, now - since.getTime()))}</span>
}
