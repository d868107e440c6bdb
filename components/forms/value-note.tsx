'use client'

import { CornerDownRight, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo, useDeferredValue, useMemo } from 'react'
import { shortValue } from '@/components/data-view/short-value'
import { cn } from '@/components/ui/cn'
import { Sentence } from '@/components/ui/sentence'
import type { Scope } from '@/workflows/graph/expressions'
import { spoken } from '@/workflows/words/spoken'
import { useExamplesOf, useNodeForm } from './form-context'
import { previewOf } from './preview-of'

/** What the text gives for the data there is, or what is wrong with it. */
export const ValueNote = memo(function ValueNote({
  id,
  text,
  scope,
  focused,
  problem,
}: {
  id: string
  text: string
  scope: Scope
  focused: boolean
  problem?: string | null
}) {
  const t = useTranslations('forms.expression')
  const form = useNodeForm()
  const latest = useDeferredValue(text)
  const examples = useExamplesOf(scope)
  const preview = useMemo(() => previewOf(latest, scope, examples), [latest, scope, examples])
  if (problem && !focused) return <Line id={id} bad text={problem} />
  if (preview.kind === 'value') return <Line id={id} text={shortValue(preview.value)} />
  if (preview.kind === 'unfinished') return <Line id={id} text={t('unfinished')} />
  if (preview.kind === 'problem') return <Line id={id} bad text={[preview.message, preview.hint ?? ''].map(spoken).join(' ').trim()} />
  if (preview.kind === 'no-data') {
    const titles = preview.nodeIds
      .map((nodeId) => form.nodes.find((node) => node.id === nodeId)?.title)
      .filter((title) => title !== undefined)
    return <Line id={id} quiet text={titles.length > 0 ? t('noData', { steps: titles.join(', ') }) : t('noInput')} />
  }
  return problem ? <Line id={id} bad text={problem} /> : null
})

function Line({ id, text, bad, quiet }: { id: string; text: string; bad?: boolean; quiet?: boolean }) {
  return (
    <div
      id={id}
      data-live-value={bad || quiet ? undefined : true}
      className={cn(
        'flex items-start gap-1.5 pl-0.5 leading-4',
        bad || quiet ? 'text-12' : 'mono text-text-2',
        bad && 'text-failed',
        quiet && 'text-text-3',
      )}
    >
      {bad ? (
        <TriangleAlert aria-hidden className="mt-px size-3.5 shrink-0 text-failed-mark" />
      ) : (
        <CornerDownRight aria-hidden className="mt-px size-3.5 shrink-0 text-succeeded-mark" />
      )}
      <span className={bad || quiet ? '' : 'truncate'} title={text}>
        {bad ? <Sentence text={text} /> : text}
      </span>
    </div>
  )
}
