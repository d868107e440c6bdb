import { useTranslations } from 'next-intl'
import { StatusIcon } from '@/components/ui/status-icon'
import type { NodePaint } from './node-paint'

/** What became of the node, where anything did. */
export function NodeStatus({ status }: { status: NodePaint['status'] }) {
  const t = useTranslations('editor.node')
  if (!status || status === 'idle') return null
  return (
    <span className="mr-stat">
      <StatusIcon status={status} label={t(`status.${status}`)} />
    </span>
  )
}
