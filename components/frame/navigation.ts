import {
  CalendarClock,
  Coins,
  House,
  KeyRound,
  type LucideIcon,
  MailX,
  Play,
  ScrollText,
  Settings,
  Store,
  UserCheck,
  Users,
  Workflow,
} from 'lucide-react'

export type NavigationKey =
  | 'home'
  | 'workflows'
  | 'runs'
  | 'schedules'
  | 'deadLetters'
  | 'tasks'
  | 'marketplace'
  | 'credentials'
  | 'costs'
  | 'audit'
  | 'people'
  | 'settings'

export type NavigationEntry = { key: NavigationKey; below: string; icon: LucideIcon; permission?: string }

/** The rail, in groups. What a person may not open is left out. */
export const navigation: NavigationEntry[][] = [
  [{ key: 'home', below: '', icon: House }],
  [
    { key: 'workflows', below: '/workflows', icon: Workflow, permission: 'workflow.read' },
    { key: 'runs', below: '/runs', icon: Play, permission: 'run.read' },
    { key: 'schedules', below: '/schedules', icon: CalendarClock, permission: 'schedule.read' },
    { key: 'deadLetters', below: '/dead-letters', icon: MailX, permission: 'deadletter.read' },
    { key: 'tasks', below: '/tasks', icon: UserCheck, permission: 'task.read' },
  ],
  [
    { key: 'marketplace', below: '/marketplace', icon: Store, permission: 'template.read' },
    { key: 'credentials', below: '/credentials', icon: KeyRound, permission: 'credential.read' },
  ],
  [
    { key: 'costs', below: '/costs', icon: Coins, permission: 'cost.read' },
    { key: 'audit', below: '/audit', icon: ScrollText, permission: 'audit.read' },
    { key: 'people', below: '/people', icon: Users, permission: 'people.read' },
    { key: 'settings', below: '/settings', icon: Settings, permission: 'settings.read' },
  ],
]

export function isCurrent(pathname: string, base: string, below: string) {
  if (below === '') return pathname === base
  return pathname === `${base}${below}` || pathname.startsWith(`${base}${below}/`)
}

/** What the page of this address asks for, as its entry in the rail does. */
export function permissionFor(pathname: string, base: string) {
  return navigation.flat().find((entry) => isCurrent(pathname, base, entry.below))?.permission
}

/** The editor and a run need the width: the rail folds to its icons. */
export function isFolded(pathname: string) {
  return /^\/o\/[^/]+\/(workflows|runs)\/[^/]+/.test(pathname)
}
