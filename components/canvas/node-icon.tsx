import type { LucideProps } from 'lucide-react'
import { categoryIcon } from '@/components/ui/category-tile'
import { nodeIcons } from '@/components/ui/node-icons'
import type { NodeCategory } from '@/workflows/nodes/define'

export function NodeIcon({ icon, category, ...props }: { icon: string; category: NodeCategory } & LucideProps) {
  const Icon = nodeIcons[icon] ?? categoryIcon[category]
  return <Icon aria-hidden {...props} />
}
