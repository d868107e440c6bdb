import { CalendarClock, File, Folder, KeyRound, type LucideIcon, MailX, Play, Store, User, UserCheck, Workflow } from 'lucide-react'

type Found = { kind: string; id: string }

const kinds: Record<string, { icon: LucideIcon; below: (id: string) => string }> = {
  workflow: { icon: Workflow, below: (id) => `/workflows/${id}` },
  run: { icon: Play, below: (id) => `/runs/${id}` },
  schedule: { icon: CalendarClock, below: (id) => `/schedules?open=${id}` },
  dead_letter: { icon: MailX, below: (id) => `/dead-letters?open=${id}` },
  deadLetter: { icon: MailX, below: (id) => `/dead-letters?open=${id}` },
  task: { icon: UserCheck, below: (id) => `/tasks/${id}` },
  template: { icon: Store, below: (id) => `/marketplace/${id}` },
  credential: { icon: KeyRound, below: (id) => `/credentials?open=${id}` },
  person: { icon: User, below: () => '/people' },
  project: { icon: Folder, below: (id) => `/workflows?project=${id}` },
}

export function pathOfFound({ kind, id }: Found) {
  return kinds[kind]?.below(id) ?? ''
}

export function iconOfKind(kind: string) {
  return kinds[kind]?.icon ?? File
}
