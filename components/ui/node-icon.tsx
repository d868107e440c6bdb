import { Box } from 'lucide-react'
import { nodeIcons } from './node-icons'

export function NodeIcon({ name, className }: { name: string; className?: string }) {
  const Icon = nodeIcons[name] ?? Box
  return <Icon aria-hidden className={className} />
}
