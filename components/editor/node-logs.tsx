'use client'

import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { levelLooks } from '@/components/step-logs/log-levels'
import { StepLogs } from '@/components/step-logs/step-logs'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { type DraftResult, useEditor } from './editor-context'

/** What the step wrote when it gave the result that is shown above; nothing where it wrote nothing. */
export function NodeLogs({ result }: { result: DraftResult }) {
  const t = useTranslations('run.logs')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const { workflow } = useEditor()
  const [open, setOpen] = useState(true)
  const body = useId()
  const { iteration, nodeId } = result
  const source = result.source === 'run' ? 'run' : 'test'
  // Each result has its own: nothing of an older one is shown beside a newer.
  const fresh = { staleTime: 0, gcTime: 0 }
  const inside = useQuery(
    trpc.runs.step.queryOptions(
      { runId: iteration?.runId ?? '', path: iteration?.path ?? '' },
      { ...fresh, enabled: iteration !== undefined },
    ),
  )
  const outside = useQuery(
    trpc.drafts.logs.queryOptions({ workflowId: workflow.id, nodeId, source }, { ...fresh, enabled: iteration === undefined }),
  )
  const found = iteration ? inside : outside
  if (found.isError)
    return (
      <p role="alert" className="flex shrink-0 items-center gap-3 border-t px-4 py-2 text-12 text-text-2">
        {t('notLoaded')}
        <Button variant="link" className="text-12" onClick={() => void found.refetch()}>
          {words('tryAgain')}
        </Button>
      </p>
    )
  const lines = found.data?.logs ?? []
  if (lines.length === 0) return null
  return (
    <section aria-label={t('title')} className="flex max-h-1/2 shrink-0 flex-col border-t" data-testid="node-logs">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={body}
        onClick={() => setOpen(!open)}
        className="focus-inset flex h-9 shrink-0 items-center gap-2 px-4 text-left font-medium hover:bg-hover"
      >
        <ChevronRight aria-hidden className={cn('size-4 text-text-3 transition-transform', open && 'rotate-90')} />
        {t('title')}
        <span className="num text-12 font-normal text-text-3">{lines.length}</span>
        <span className="flex-1" />
        {(['warn', 'error'] as const).map((level) => {
          const count = lines.filter((line) => line.level === level).length
          const { icon: Icon, tone } = levelLooks[level]
          return (
            count > 0 && (
              <span key={level} className={cn('num inline-flex items-center gap-1 text-12', tone)}>
                <Icon aria-hidden className="size-3.5" />
                {t('levelCount', { level, count })}
              </span>
            )
          )
        })}
      </button>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <div id={body} tabIndex={0} className="focus-inset min-h-0 overflow-y-auto px-4 pb-3">
          <StepLogs lines={lines} startedAt={found.data?.startedAt ?? null} />
        </div>
      )}
    </section>
  )
}
