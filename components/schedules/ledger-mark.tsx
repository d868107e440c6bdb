import { Check, X } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import type { LedgerMark as Mark } from './ledger-days'

const looks: Record<Mark, string> = {
  ran: 'size-4 rounded-sm border border-succeeded-border bg-succeeded-subtle text-succeeded',
  late: 'size-4 rounded-sm border-[1.5px] border-waiting-mark bg-[linear-gradient(90deg,var(--waiting-subtle)_50%,var(--waiting-mark)_50%)]',
  skipped: 'h-1 w-4 rounded-[2px] bg-cancelled-mark',
  missed: 'size-4 rounded-sm border-[1.5px] border-failed-mark bg-failed-subtle text-failed',
  expected: 'size-2 rounded-full border-[1.5px] border-mark',
}

/** Ran is pale, so that late (half amber), missed (a cross) and skipped (a bar) stand out. */
export function LedgerMark({ mark, className }: { mark: Mark; className?: string }) {
  return (
    <i aria-hidden className={cn('grid place-items-center', looks[mark], className)}>
      {mark === 'ran' && <Check className="size-2.5" />}
      {mark === 'missed' && <X className="size-2.5" />}
    </i>
  )
}
