import { Bug, CircleX, Info, type LucideIcon, TriangleAlert } from 'lucide-react'
import type { LogLevel } from '@/workflows/nodes/log-line'

/** A shape and a colour for each; the word stands beside it. */
export const levelLooks: Readonly<Record<LogLevel, { icon: LucideIcon; tone: string }>> = {
  debug: { icon: Bug, tone: 'text-text-3' },
  info: { icon: Info, tone: 'text-text-2' },
  warn: { icon: TriangleAlert, tone: 'text-waiting' },
  error: { icon: CircleX, tone: 'text-failed' },
}
