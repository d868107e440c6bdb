import { Bot, Braces, Code, GitFork, Globe, type LucideIcon, StickyNote, UserCheck, Zap } from 'lucide-react'
import type { ReactNode } from 'react'
import type { NodeCategory } from '@/workflows/nodes/define'
import { cn } from './cn'

export const categoryTone: Record<NodeCategory, string> = {
  trigger: 'bg-cat-trigger-subtle text-cat-trigger',
  flow: 'bg-cat-flow-subtle text-cat-flow',
  data: 'bg-cat-data-subtle text-cat-data',
  network: 'bg-cat-network-subtle text-cat-network',
  ai: 'bg-cat-ai-subtle text-cat-ai',
  people: 'bg-cat-people-subtle text-cat-people',
  code: 'bg-cat-code-subtle text-cat-code',
  note: 'bg-note text-note-text',
}

export const categoryIcon: Record<NodeCategory, LucideIcon> = {
  trigger: Zap,
  flow: GitFork,
  data: Braces,
  network: Globe,
  ai: Bot,
  people: UserCheck,
  code: Code,
  note: StickyNote,
}

const sizes = {
  xs: "size-5 rounded-sm [&_svg:not([class*='size-'])]:size-3",
  sm: "size-6 rounded-[5px] [&_svg:not([class*='size-'])]:size-3.5",
  md: "size-7 rounded-md [&_svg:not([class*='size-'])]:size-4",
  lg: "size-9 rounded-md [&_svg:not([class*='size-'])]:size-5",
} as const

/** A node's kind: its icon on its category's pigment, the only place where category has a colour. */
export function CategoryTile({
  category,
  size = 'md',
  round,
  muted,
  children,
  className,
}: {
  category: NodeCategory
  size?: keyof typeof sizes
  round?: boolean
  muted?: boolean
  children?: ReactNode
  className?: string
}) {
  const Icon = categoryIcon[category]
  return (
    <span
      aria-hidden
      className={cn(
        'inline-grid shrink-0 place-items-center',
        sizes[size],
        categoryTone[category],
        round && 'rounded-full',
        muted && 'bg-sunken text-text-3',
        className,
      )}
    >
      {children ?? <Icon />}
    </span>
  )
}
