import {
  Bot,
  Box,
  CalendarClock,
  CodeXml,
  CornerDownLeft,
  Globe,
  Hourglass,
  ListFilter,
  type LucideIcon,
  Merge,
  MousePointerClick,
  OctagonX,
  PencilRuler,
  Route,
  Sparkles,
  Split,
  StickyNote,
  UserCheck,
  Webhook,
} from 'lucide-react'

/** The lucide icons that node definitions name. A new name that stands in none of these shows as a box. */
const icons: Record<string, LucideIcon> = {
  bot: Bot,
  'calendar-clock': CalendarClock,
  'code-xml': CodeXml,
  'corner-down-left': CornerDownLeft,
  globe: Globe,
  hourglass: Hourglass,
  'list-filter': ListFilter,
  merge: Merge,
  'mouse-pointer-click': MousePointerClick,
  'octagon-x': OctagonX,
  'pencil-ruler': PencilRuler,
  route: Route,
  sparkles: Sparkles,
  split: Split,
  'sticky-note': StickyNote,
  'user-check': UserCheck,
  webhook: Webhook,
}

export function NodeIcon({ name, className }: { name: string; className?: string }) {
  const Icon = icons[name] ?? Box
  return <Icon aria-hidden className={className} />
}
