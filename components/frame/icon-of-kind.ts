import { CalendarClock, File, KeyRound, type LucideIcon, MailX, Play, Store, UserCheck, Workflow } from 'lucide-react'

const icons: Record<string, LucideIcon> = {
  workflow: Workflow,
  run: Play,
  schedule: CalendarClock,
  dead_letter: MailX,
  task: UserCheck,
  template: Store,
  credential: KeyRound,
}

export function iconOfKind(kind: string) {
  return icons[kind] ?? File
}
