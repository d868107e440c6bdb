import { useTranslations } from 'next-intl'
import { definitionOf } from '@/workflows/graph/catalogue'
import { catalogue } from '@/workflows/nodes/catalogue'
import { useDraft, useProblemsBelow, useUi } from './editor-context'

/** Says what is chosen to whoever walks the canvas by arrow keys and does not see it. */
export function SpokenChoice() {
  const t = useTranslations('editor.outline')
  const id = useUi((state) => (state.selection.size === 1 ? [...state.selection][0] : undefined))
  const node = useDraft((state) => state.graph.nodes.find((one) => one.id === id))
  const problems = useProblemsBelow()
  const words = node && [
    node.title,
    definitionOf(node, catalogue)?.title ?? node.type,
    ...(node.settings.disabled ? [t('off')] : []),
    ...(node.locked ? [t('locked')] : []),
    ...problems.filter((problem) => problem.nodeId === node.id).map((problem) => problem.message),
  ]
  return (
    <p aria-live="polite" data-spoken className="sr-only">
      {words?.join(', ')}
    </p>
  )
}
