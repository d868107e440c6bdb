import {
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CirclePause,
  CircleX,
  Clock,
  LoaderCircle,
  type LucideIcon,
  MailX,
  RotateCw,
  SkipForward,
} from 'lucide-react'
import type { BadgeTone } from './badge'

/** Everything that can be said to have happened to a run or a step. */
export type Status =
  | 'queued'
  | 'running'
  | 'retrying'
  | 'waiting'
  | 'paused'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'dead_letter'
  | 'skipped'

export type StatusLook = { icon: LucideIcon; tone: Exclude<BadgeTone, 'accent'>; spins?: boolean }

export const statusLooks: Record<Status, StatusLook> = {
  queued: { icon: CircleDashed, tone: 'cancelled' },
  running: { icon: LoaderCircle, tone: 'running', spins: true },
  retrying: { icon: RotateCw, tone: 'failed' },
  waiting: { icon: Clock, tone: 'waiting' },
  paused: { icon: CirclePause, tone: 'waiting' },
  succeeded: { icon: CircleCheck, tone: 'succeeded' },
  failed: { icon: CircleX, tone: 'failed' },
  cancelled: { icon: CircleMinus, tone: 'cancelled' },
  dead_letter: { icon: MailX, tone: 'dead' },
  skipped: { icon: SkipForward, tone: 'cancelled' },
}

/** A status from the API in this vocabulary; what is not known looks queued. */
export function toStatus(value: string): Status {
  if (value === 'started') return 'running'
  if (value === 'accepted') return 'queued'
  if (value === 'completed') return 'succeeded'
  if (value === 'canceled') return 'cancelled'
  if (value === 'dead' || value === 'deadLetter') return 'dead_letter'
  return value in statusLooks ? (value as Status) : 'queued'
}

export const toneText: Record<StatusLook['tone'], string> = {
  neutral: 'text-text-2',
  running: 'text-running',
  succeeded: 'text-succeeded',
  failed: 'text-failed',
  waiting: 'text-waiting',
  cancelled: 'text-cancelled',
  dead: 'text-dead',
}
