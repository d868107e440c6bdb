import { cn } from './cn'
import { type Status, statusLooks, toneText, toStatus } from './status'

/** Colour and shape; whoever uses it puts the word beside it or passes `label`. */
export function StatusIcon({ status, label, className }: { status: Status | (string & {}); label?: string; className?: string }) {
  const { icon: Icon, tone, spins } = statusLooks[toStatus(status)]
  return (
    <Icon
      className={cn('size-4 shrink-0', toneText[tone], spins && 'animate-spin', className)}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    />
  )
}
