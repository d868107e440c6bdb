import { cn } from './cn'

/** A still grey shape of what is coming; appears only after 200 ms. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cn('late block h-4 rounded-sm bg-pressed', className)} />
}
